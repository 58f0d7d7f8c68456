import { describe, expect, it } from '@jest/globals';
import { enrolment, family, person, programVisit, visit } from './avni-world.js';

describe('visits and enrolments', () => {
  const UNDATED = 'Both encounter datetime and earliest visit datetime cannot be null';
  it.each([
    ['/api/encounter', visit({ 'Subject external ID': 'nope' }), 500, "Individual not found with UUID 'null' or External ID 'nope'"],
    ['/api/encounter', visit({ 'Subject ID': 'wrong' }), 200, '"Subject external ID":"CRM-1"'],
    ['/api/encounter', visit({ 'Subject external ID': undefined, 'Subject ID': 'CRM-1' }), 200, '"Subject type":"Beneficiary"'],
    ['/api/encounter', visit({ 'Encounter type': 'Nope' }), 500, "Encounter type not found with name 'Nope'"],
    ['/api/encounter', visit({ 'Encounter type': 'Growth monitoring' }), 200, 'Growth monitoring'],
    ['/api/encounter', visit({ 'Encounter date time': undefined, 'Cancel date time': '2026-01-01' }), 400, UNDATED],
    ['/api/encounter', visit({ 'Cancel date time': '2026-01-01' }), 200, '"Cancel date time":"2026-01-01T00:00:00.000Z"'],
    [
      '/api/encounter',
      visit({ 'Encounter date time': '2026-01-01T05:30:00.123456+05:30' }),
      200,
      '"Encounter date time":"2026-01-01T00:00:00.123Z"',
    ],
    ['/api/encounter', visit({ 'Encounter date time': 'soon' }), 400, 'Failed to read request'],
    ['/api/encounter', visit({ cancelObservations: undefined }), 500, 'NullPointerException'],
    [
      '/api/programEnrolment',
      enrolment({ 'Subject ID': 'CRM-1', 'Subject external ID': undefined }),
      500,
      "Individual not found with UUID 'CRM-1'",
    ],
    ['/api/programEnrolment', enrolment({ Program: 'Nope' }), 500, "Program not found with name 'Nope'"],
    ['/api/programEnrolment', enrolment({ 'Enrolment datetime': undefined }), 409, 'constraint violation'],
    ['/api/programEnrolment', enrolment({ exitObservations: undefined }), 500, 'NullPointerException'],
    ['/api/programEnrolment', enrolment({ 'External ID': 'E-2', 'Exit datetime': '2020-01-01' }), 200, '"Exit datetime":"2020-01-01'],
    [
      '/api/programEncounter',
      programVisit({ 'Enrolment external ID': 'nope' }),
      500,
      "ProgramEnrolment not found with UUID 'null' or External ID 'nope'",
    ],
    ['/api/programEncounter', programVisit({ 'Enrolment external ID': undefined, 'Enrolment ID': 'E-1' }), 200, '"Program":"Nutrition"'],
    ['/api/programEncounter', programVisit({ 'Cancel date time': '2026-01-01' }), 409, 'constraint violation'],
    ['/api/programEncounter', programVisit({ 'Encounter date time': null }), 400, UNDATED],
  ])('%s %j answers %i', async (path, body, status, text) => {
    const { ask } = await family();
    const answer = await ask('POST', path, body);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
  });

  it('show in their parents’ lists without stamping them; a 400 writes; another subject takes them by POST alone', async () => {
    const { ask, organisation, ids4 } = await family();
    organisation.bulkUpdate([ids4.subject, ids4.programEnrolment], 1_000);
    await ask('POST', '/api/encounter', visit({ 'External ID': 'V-2' }));
    const { body } = await ask('GET', '/api/subject/CRM-1');
    expect([(body['encounters'] as string[]).length, body['enrolments'], body.audit['Last modified at']]).toEqual([
      2,
      [ids4.programEnrolment],
      '1970-01-01T00:00:01.000Z',
    ]);
    expect((await ask('GET', '/api/programEnrolment/E-1')).body['encounters']).toEqual([ids4.programEncounter]);
    expect((await ask('POST', '/api/encounter', visit({ 'Encounter date time': null, observations: { Systolic: 99 } }))).status).toBe(400);
    expect((await ask('GET', '/api/encounter/V-1')).body).toMatchObject({ 'Encounter date time': null, observations: { Systolic: 99 } });
    await ask('POST', '/api/subject', person({ 'External ID': 'CRM-2' }));
    const toOther = visit({ 'Subject external ID': 'CRM-2' });
    expect((await ask('PUT', '/api/encounter/V-1', toOther)).body['Subject external ID']).toBe('CRM-1');
    expect((await ask('POST', '/api/encounter', toOther)).body['Subject external ID']).toBe('CRM-2');
    expect((await ask('DELETE', '/api/programEnrolment/E-1')).status).toBe(200);
    expect((await ask('GET', '/api/programEncounter/G-1')).body['Voided']).toBe(false);
  });

  it('cannot be patched where their cancel observations were never made, until they are written whole', async () => {
    const { ask, organisation, ids4 } = await family();
    organisation.change(ids4.encounter, { body: { cancelObservations: null } });
    expect((await ask('GET', '/api/encounter/V-1')).body['cancelObservations']).toEqual({});
    expect((await ask('PATCH', '/api/encounter/V-1', { observations: { Systolic: 1 } })).status).toBe(500);
    await ask('PUT', '/api/encounter/V-1', visit());
    expect((await ask('PATCH', '/api/encounter/V-1', { observations: { Systolic: 1 } })).body.observations).toEqual({ Systolic: 1 });
    expect((await ask('PATCH', '/api/encounter/V-1', { 'Encounter type': 'Nope' })).status).toBe(500);
  });

  it('may tell a stamp that is earlier than the stored one, of updates and enrolments', async () => {
    const { ask, simulator } = await family();
    simulator.settings.replyEarlier = 5;
    const told = async (method: string, path: string, body: object): Promise<number> => {
      const reply = (await ask(method, path, body)).body;
      const now = (await ask('GET', `${path.split('/').slice(0, 3).join('/')}/${reply.ID}`)).body;
      return Date.parse(String(now.audit['Last modified at'])) - Date.parse(String(reply.audit['Last modified at']));
    };
    expect(await told('POST', '/api/subject', person({ 'External ID': 'N' }))).toBe(0);
    expect(await told('POST', '/api/subject', person({ 'External ID': 'N', 'Last name': 'O' }))).toBe(5);
    expect(await told('POST', '/api/programEnrolment', enrolment({ 'External ID': 'N' }))).toBe(5);
    expect(await told('DELETE', '/api/encounter/V-1', {})).toBe(0);
  });
});
