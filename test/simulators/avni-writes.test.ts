import { describe, expect, it } from '@jest/globals';
import { enrolment, family, person, programVisit, visit, without, world, type Ask } from './avni-world.js';

const stamp = async (ask: Ask, path: string): Promise<string | undefined> => (await ask('GET', path)).body.audit?.['Last modified at'];

describe('a subject', () => {
  it('comes back as it went in, name inside the observations, and is replaced by its External ID', async () => {
    const { ask } = await world();
    const first = await ask('POST', '/api/subject', person());
    expect(first.body).toMatchObject({
      'External ID': 'CRM-1',
      Voided: false,
      location: { Village: 'Hosahalli', 'District External ID': 'LOC-MYS', State: 'Karnataka' },
      observations: { 'First name': 'Lakshmi', 'Date of birth': '1994-03-02', Gender: 'Female', 'Blood group': 'B positive' },
      encounters: [],
    });
    expect(first.body).not.toHaveProperty('Groups');
    expect(first.body.audit).toMatchObject({ 'Created by': 'integrator@demo', 'Created at': first.body.audit['Last modified at'] });
    const again = await ask(
      'POST',
      '/api/subject',
      without(person({ observations: { 'Phone number': '2' }, 'External ID': ' CRM-1 ' }), 'Registration Coordinates'),
    );
    expect(again.body.ID).toBe(first.body.ID);
    expect(again.body).not.toHaveProperty('Registration Coordinates');
    expect(Object.keys(again.body.observations)).not.toContain('Blood group');
    expect((await ask('POST', '/api/subject', person({ 'External ID': 'crm-1' }))).body.ID).not.toBe(first.body.ID);
    const nameless = await Promise.all([1, 2].map(() => ask('POST', '/api/subject', person({ 'External ID': '' }))));
    expect(nameless[0]?.body.ID).not.toBe(nameless[1]?.body.ID);
    expect((await ask('POST', '/api/subject', person({ 'External ID': 77 }))).body['External ID']).toBe('77');
  });

  it.each([
    [{ observations: undefined }, 1, 500, 'java.lang.NullPointerException: Cannot invoke'],
    [{ observations: null }, 1, 500, 'NullPointerException'],
    [{ observations: { 'No such': null } }, 1, 500, 'java.lang.NullPointerException: Concept with name=No such not found'],
    [{ observations: { 'Blood group': 'Z' } }, 1, 400, 'org.avni.server.util.BadRequestError: Answer concept with name=Z not found'],
    [
      { observations: { 'Blood group': 'Fever', 'Languages spoken': ['Hindi', 'Tamil'], Weight: 'heavy' } },
      1,
      200,
      '"Languages spoken":["Hindi","Tamil"]',
    ],
    [{ observations: { Household: { Toilet: { Seats: 2 } } } }, 1, 200, '"Household":{"Toilet":{"Seats":2}}'],
    [{ observations: { Household: { Nope: 1 } } }, 1, 500, 'Concept with name=Nope not found'],
    [{ observations: { Remarks: null, 'Phone number': '' } }, 1, 200, '"Phone number":""}'],
    [{ 'Subject type': 'Nope' }, 1, 500, "java.lang.IllegalArgumentException: Subject type not found with name 'Nope'"],
    [{ 'Subject type': undefined }, 1, 500, "Subject type not found with name 'null'"],
    [{ Address: 'X, Y' }, 1, 500, "java.lang.IllegalArgumentException: Address 'X, Y' not found"],
    [{ Address: undefined }, 1, 500, "Address 'null' not found"],
    [{ Address: 'karnataka, mysuru, VARUNA' }, 1, 200, 'Varuna'],
    [{ Address: 'Karnataka,Mysuru,Varuna' }, 1, 500, 'not found'],
    [
      { Address: 'Karnataka, Mysuru' },
      1,
      500,
      "Address 'Karnataka, Mysuru' of type 'District' is not valid for subject type 'Beneficiary'",
    ],
    [{ 'First name': undefined }, 1, 400, 'First name cannot be null'],
    [{ 'First name': '' }, 1, 200, '"First name":""'],
    [{ Gender: 'Nope' }, 1, 400, 'Gender cannot be null for Person subject type'],
    [{ 'Registration date': undefined }, 1, 409, 'Entity create or update failed due to constraint violation:'],
    [{ 'Registration date': '20-11-2026' }, 1, 400, '"detail":"Failed to read request"'],
    [{ 'Registration date': '2026-11-20T00:00:00Z' }, 1, 400, 'Failed to read request'],
    [{ 'Date of birth': undefined, 'Last name': undefined, Extra: 1 }, 1, 200, 'Lakshmi'],
    [{ 'Registration Coordinates': { X: 1, Y: 2 } }, 1, 200, '"Registration Coordinates":{"x":0,"y":0}'],
    [{ Voided: 'true' }, 1, 200, '"Voided":true'],
    [{ Voided: null }, 1, 200, '"Voided":false'],
    [{ Voided: 'yes' }, 1, 400, 'Failed to read request'],
    [{}, 3, 500, "version 3 and above requires 'Address map' instead of 'Address'"],
    [{ 'Address map': { Village: 'Varuna' } }, 3, 500, "Address corresponding to 'Address map' not found"],
    [{ 'Address map': { State: 'Karnataka', District: 'Mysuru', Village: 'Varuna' } }, 3, 200, 'LOC-Varuna'],
  ])('with %j in version %i answers %i', async (change, version, status, text) => {
    const { ask, organisation } = await world();
    const answer = await ask('POST', `/api/subject?version=${version}`, person(change));
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
    expect(organisation.all().length).toBe(status === 200 ? 1 : 0);
    expect(answer.headers.get('connection')).toBe([400, 500].includes(status) ? 'close' : 'keep-alive');
  });

  it.each(['{"External ID"', '[]', '', '5'])('that is “%s” cannot be read', async (text) => {
    const { status, body } = await (await world()).ask('POST', '/api/subject', text);
    expect([status, body]).toEqual([400, expect.objectContaining({ title: 'Bad Request', detail: 'Failed to read request' })]);
  });

  it('is written by a 400 where it was there already, and by no other refusal', async () => {
    const { ask } = await world();
    await ask('POST', '/api/subject', person());
    const before = (await ask('GET', '/api/subject/CRM-1')).text;
    for (const bad of [
      { observations: { 'Blood group': 'Z' } },
      { Address: 'X' },
      { 'Registration date': null },
      { Gender: 5, Address: 'X' },
    ]) {
      expect((await ask('POST', '/api/subject', person({ 'Last name': 'New', ...bad }))).status).toBeGreaterThanOrEqual(400);
      expect((await ask('GET', '/api/subject/CRM-1')).text).toBe(before);
    }
    expect(
      (await ask('POST', '/api/subject', without(person({ 'Last name': 'New' }), 'First name', 'Registration Coordinates'))).status,
    ).toBe(400);
    const { body } = await ask('GET', '/api/subject/CRM-1');
    expect(body.observations).toMatchObject({ 'First name': null, 'Last name': 'New' });
    expect(body).not.toHaveProperty('Registration Coordinates');
  });

  it('keeps its stamp where nothing changes, by POST, PUT and PATCH, and is un-voided by what does not say so', async () => {
    const { ask, organisation } = await world();
    const { ID } = (await ask('POST', '/api/subject', person())).body;
    organisation.bulkUpdate([ID], 1_000);
    const { observations, ...rest } = person() as { observations: object };
    await ask('POST', '/api/subject', { observations: Object.fromEntries(Object.entries(observations).reverse()), ...rest });
    await ask('PUT', `/api/subject/${ID}`, person());
    await ask('PATCH', `/api/subject/${ID}`, {});
    expect(await stamp(ask, `/api/subject/${ID}`)).toBe('1970-01-01T00:00:01.000Z');
    expect((await ask('DELETE', '/api/subject/CRM-1')).body).toMatchObject({ Voided: true, Groups: [] });
    organisation.bulkUpdate([ID], 2_000);
    await ask('DELETE', `/api/subject/${ID}`);
    expect((await ask('PATCH', `/api/subject/${ID}`, {})).body['Voided']).toBe(true);
    expect(await stamp(ask, `/api/subject/${ID}`)).toBe('1970-01-01T00:00:02.000Z');
    expect((await ask('POST', '/api/subject', person())).body['Voided']).toBe(false);
  });

  it('is patched: given replaces, null removes, what is empty goes, the rest stays', async () => {
    const { ask } = await world();
    const { ID } = (await ask('POST', '/api/subject', person({ observations: { Remarks: 'a', 'Phone number': '1', Symptoms: [] } }))).body;
    const { body } = await ask('PATCH', `/api/subject/${ID}`, {
      'First name': 'Uma',
      observations: { Remarks: null, 'Head of household': '' },
    });
    expect(body.observations).toEqual({
      'First name': 'Uma',
      'Last name': 'Gowda',
      'Date of birth': '1994-03-02',
      Gender: 'Female',
      'Phone number': '1',
      'Head of household': '',
    });
    const patch = async (text: string) => (await ask('PATCH', `/api/subject/${ID}`, text)).text;
    expect(await patch('{"Registration Coordinates":{"x":1.5,"y":2.5}}')).toContain('NullPointerException');
    expect(await patch('{"Registration Coordinates":{"X":1,"Y":2.5}}')).toContain('ClassCastException');
    expect(await patch('{"Registration Coordinates":{"X":1.0,"Y":2.5}}')).toContain('{"x":1.0,"y":2.5}');
  });

  it('that moves stamps its family alike, a little before itself; one without an address can never get one', async () => {
    const { ask, organisation, ids4 } = await family();
    organisation.bulkUpdate(Object.values(ids4), 1_000);
    await ask('PUT', `/api/subject/${ids4.subject}`, person({ Address: 'Karnataka, Mysuru, Varuna' }));
    const stamps = organisation.all().map((each) => [each.kind, each.stamp] as const);
    const [, own = 0] = stamps.find(([kind]) => kind === 'subject') ?? [];
    const others = new Set(stamps.filter(([kind]) => kind !== 'subject').map(([, at]) => at));
    expect([others.size, Math.max(...others) > 1_000, Math.max(...others) < own]).toEqual([1, true, true]);
    organisation.add('subject', 'Beneficiary', { 'External ID': 'NO', observations: {} });
    expect((await ask('POST', '/api/subject', person({ 'External ID': 'NO' }))).text).toContain('oldAddressLevel');
  });
});

describe('a place', () => {
  const BY_MAP = { Address: undefined, 'Address map': { State: 'Karnataka', District: 'Mysuru', Village: 'Varuna' } };

  it('that is voided is found by its words and not by its map; two of one name are not told apart', async () => {
    const { ask, organisation } = await world();
    const { locations } = organisation.metadata;
    const varuna = locations.find(({ title }) => title === 'Varuna');
    if (!varuna) throw new Error('There is a Varuna');
    varuna.voided = true;
    const inVaruna = person({ Address: 'Karnataka, Mysuru, Varuna' });
    expect((await ask('POST', '/api/subject', inVaruna)).status).toBe(200);
    expect((await ask('POST', '/api/subject?version=3', person(BY_MAP))).text).toContain("corresponding to 'Address map' not found");
    locations.push({ ...varuna, uuid: 'another', title: 'VARUNA' });
    expect((await ask('POST', '/api/subject', inVaruna)).text).toContain('Query did not return a unique result');
  });
});

describe('paths and ids', () => {
  it.each([
    ['subject', 'CRM-1', person],
    ['encounter', 'V-1', visit],
    ['programEnrolment', 'E-1', enrolment],
    ['programEncounter', 'G-1', programVisit],
  ] as const)('of %s', async (name, external, make) => {
    const { ask, ids4 } = await family();
    const path = `/api/${name}`;
    const id = ids4[name];
    for (const each of [id, external]) expect((await ask('GET', `${path}/${each}`)).body.ID).toBe(id);
    const unknown = await ask('GET', `${path}/none`);
    expect([unknown.status, unknown.text, unknown.headers.get('content-type')]).toEqual([404, '', null]);
    expect((await ask('DELETE', `${path}/none`)).status).toBe(404);
    const put = await ask('PUT', `${path}/none`, without(make(), 'External ID'));
    expect([put.status, put.text]).toEqual([500, expect.stringMatching(/not found with id 'none' or External ID 'null'/)]);
    expect((await ask('PUT', `${path}/none`, make())).body.ID).toBe(id);
    expect((await ask('PUT', `${path}/${external}`, without(make(), 'External ID'))).status).toBe(name === 'subject' ? 500 : 200);
    const renamed = await ask('PUT', `${path}/${id}`, make({ 'External ID': 'NEW' }));
    expect([renamed.body.ID, renamed.body['External ID'], (await ask('GET', `${path}/${external}`)).status]).toEqual([id, 'NEW', 404]);
    const other = (await ask('POST', path, make({ 'External ID': 'OTHER' }))).body.ID;
    expect(other).not.toBe(id);
    expect((await ask('PUT', `${path}/${other}`, make({ 'External ID': 'NEW' }))).status).toBe(409);
    expect((await ask('PATCH', `${path}/${id}`, {})).status).toBe(name.startsWith('program') ? 405 : 200);
    expect((await ask('DELETE', `${path}/NEW`)).body['Voided']).toBe(true);
    expect((await ask('PUT', `${path}/${id}`, make({ 'External ID': 'NEW' }))).body['Voided']).toBe(false);
    expect((await ask('POST', path, '{}', { 'user-name': 'x', 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('that a container refuses, and one that two records share', async () => {
    const { ask, ids4 } = await family();
    expect((await ask('GET', '/api/subject/a%2Fb')).headers.get('content-type')).toContain('text/html');
    expect((await ask('GET', '/api/subject/x%3By')).body).toMatchObject({ status: 400 });
    await ask('POST', '/api/subject', person({ 'External ID': ids4.subject }));
    expect((await ask('GET', `/api/subject/${ids4.subject}`)).text).toContain('Query did not return a unique result');
    await ask('POST', '/api/subject', person({ 'External ID': 'अ b#?.' }));
    expect((await ask('GET', `/api/subject/${encodeURIComponent('अ b#?.')}`)).status).toBe(200);
  });
});
