import { describe, expect, it } from '@jest/globals';
import { AvniOrganisation, type ApiKind } from '../../src/simulators/avni/organisation.js';
import { iso, T, world, type World } from './avni-world.js';

const PATHS: Record<ApiKind, string> = {
  subject: '/api/subjects',
  encounter: '/api/encounters',
  enrolment: '/api/programEnrolments',
  programEncounter: '/api/programEncounters',
};
const TYPES = { subject: 'Beneficiary', encounter: 'Health check', enrolment: 'Nutrition', programEncounter: 'Growth monitoring' };
const FIELDS = { subject: 'Subject type', encounter: 'Encounter type', enrolment: 'Program', programEncounter: 'Encounter type' };

/** Records `<kind>-0` … a second apart from T on. */
async function filled(
  kind: ApiKind,
  count: number,
  stamp = (n: number) => T + n * 1000,
  organisation = new AvniOrganisation(),
): Promise<World> {
  for (let n = 0; n < count; n += 1)
    organisation.add(
      kind,
      TYPES[kind],
      { [FIELDS[kind]]: TYPES[kind], observations: { Remarks: 'x', Systolic: 5 } },
      { id: `${kind}-${n}`, stamp: stamp(n) },
    );
  return world({}, organisation);
}

const window = (after: number, until: number): string => `lastModifiedDateTime=${iso(after)}&now=${iso(until)}`;
const concepts = (value: object): string => `concepts=${encodeURIComponent(JSON.stringify(value))}`;

describe('bounds', () => {
  it.each([
    ['subject', '', [1, 2]],
    ['subject', '&subjectType=Beneficiary', [1, 2]],
    ['encounter', '', [1, 2]],
    ['encounter', '&encounterType=Health%20check', [1, 2]],
    ['encounter', `&${concepts({ Remarks: 'x' })}`, [0, 1, 2, 3]],
    ['enrolment', '&program=Nutrition', [1, 2]],
    ['programEncounter', '&encounterType=Growth%20monitoring', [1, 2]],
  ] as const)('of %s with “%s” leave %j', async (kind, more, expected) => {
    const { ids } = await filled(kind, 5);
    expect(await ids(`${PATHS[kind]}?${window(T, T + 3000)}${more}`)).toEqual(expected.map((n) => `${kind}-${n}`));
    expect(await ids(`${PATHS[kind]}?${window(T + 9000, T)}${more}`)).toEqual([]);
  });

  it('of locations are included', async () => {
    const { ask } = await world();
    const { content } = (await ask('GET', '/api/locations?size=1000')).body;
    expect(content.length).toBe(6);
    const stamp = String(content[0]?.audit['Last modified at']);
    expect((await ask('GET', `/api/locations?lastModifiedDateTime=${stamp}&now=${stamp}`)).body.totalElements).toBe(4);
    expect((await ask('GET', '/api/location/LOC-Varuna')).body).toMatchObject({
      Title: 'Varuna',
      Parent: { Title: 'Mysuru', Parent: { Title: 'Karnataka' } },
    });
    expect((await ask('GET', '/api/location/none')).status).toBe(404);
  });

  it('do not count without a lower one', async () => {
    for (const kind of ['subject', 'encounter', 'programEncounter'] as const)
      expect((await (await filled(kind, 3)).ids(`${PATHS[kind]}?now=${iso(T)}`)).length).toBe(3);
  });

  it('end behind the clock on a live server, unless the client says when', async () => {
    let now = T + 60_000;
    const { organisation, simulator, ids } = await world({}, new AvniOrganisation(() => now));
    const from = `lastModifiedDateTime=${iso(T)}`;
    organisation.add('subject', 'Beneficiary', {}, { id: 'new' });
    expect(await ids(`/api/subjects?${from}`)).toEqual(['new']);
    simulator.settings.margin = 10_000;
    expect(await ids(`/api/subjects?${from}`)).toEqual([]);
    expect(await ids(`/api/subjects?${from}&now=${iso(now + 1)}`)).toEqual(['new']);
    now += 10_001;
    expect(await ids(`/api/subjects?${from}`)).toEqual(['new']);
  });
});

describe('date-times', () => {
  it.each(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000999Z', '2026-01-01T05:30:00%2B05:30', '2026-01-01T00:00:00', '2026-01-01'])(
    '%s is one',
    async (text) => {
      const { ids } = await filled('subject', 2);
      expect(await ids(`/api/subjects?lastModifiedDateTime=${text}`)).toEqual(['subject-1']);
    },
  );

  it.each(['2026-01-01 00:00:00', '1700000000000', '', 'soon', '2026-01-01T05:30:00+05:30'])('“%s” is refused', async (text) => {
    const { ask } = await world();
    const { status, headers, body } = await ask('GET', `/api/subjects?lastModifiedDateTime=${text}`);
    expect([status, headers.get('content-type'), headers.get('connection')]).toEqual([400, 'application/problem+json', 'close']);
    expect(body).toMatchObject({
      title: 'Bad Request',
      status: 400,
      instance: '/api/subjects',
      detail: expect.stringContaining('lastModifiedDateTime'),
    });
  });
});

describe('pages', () => {
  it.each([
    ['size=3', [3, 19, 3]],
    ['size=3&page=18', [2, 19, 3]],
    ['size=3&page=19', [0, 19, 3]],
    ['size=0', [20, 3, 20]],
    ['size=-1', [20, 3, 20]],
    ['size=x&page=-1', [20, 3, 20]],
    ['page=x', [20, 3, 20]],
    ['size=5000', [56, 1, 1000]],
  ])('%s: totalElements counts the page, nonsense is the default, the cap is silent', async (query, [rows, pages, size]) => {
    const { ask } = await filled('subject', 56);
    const { body } = await ask('GET', `/api/subjects?lastModifiedDateTime=2000-01-01&${query}`);
    expect([body.content.length, body.totalElements, body.totalPages, body.pageSize]).toEqual([rows, rows, pages, size]);
  });

  it('order ties by internal number, also after changes, and lose none', async () => {
    const { organisation, ids } = await filled('subject', 2500, () => T);
    organisation.bulkUpdate(['subject-7', 'subject-900'], T);
    const pages = await Promise.all(
      [0, 1, 2].map((page) => ids(`/api/subjects?lastModifiedDateTime=${iso(T - 1)}&size=1000&page=${page}`)),
    );
    expect(pages.flat()).toEqual(Array.from({ length: 2500 }, (_, n) => `subject-${n}`));
    expect(await ids(`/api/subjects?lastModifiedDateTime=${iso(T)}`)).toEqual([]);
  });

  it('have no order without a lower bound, but with sort', async () => {
    const { ids, ask, organisation } = await filled('subject', 30);
    const all = Array.from({ length: 30 }, (_, n) => `subject-${n}`);
    const unordered = await ids('/api/subjects?size=100');
    expect(unordered).not.toEqual(all);
    expect([...unordered].sort()).toEqual([...all].sort());
    organisation.change('subject-3', {});
    expect(await ids('/api/subjects?size=100')).not.toEqual(unordered);
    const sorted = await ids(`/api/subjects?lastModifiedDateTime=${iso(T - 1)}&size=100&sort=lastModifiedDateTime,desc`);
    expect(sorted.slice(0, 2)).toEqual(['subject-3', 'subject-29']);
    expect((await ask('GET', '/api/subjects?sort=nope')).text).toContain('PropertyReferenceException');
  });

  it('shift while they are read: a row is lost to who pages forwards', async () => {
    const { ids, organisation } = await filled('subject', 5);
    const path = `/api/subjects?${window(T - 1, T + 60_000)}&size=2`;
    const first = await ids(path);
    organisation.change('subject-0', {});
    expect([...first, ...(await ids(`${path}&page=1`))]).toEqual(['subject-0', 'subject-1', 'subject-3', 'subject-4']);
  });
});

describe('filters', () => {
  it.each([
    ['subject', '/api/subjects?subjectType=Nope', 0],
    ['subject', '/api/subjects?subjectType=', 3],
    ['subject', '/api/subjects?locationIds=unknown', 3],
    ['subject', '/api/subjects?locationIds=', 3],
    ['encounter', '/api/encounters?encounterType=Nope', 0],
    ['encounter', '/api/encounters?subjectId=nobody', 3],
    ['encounter', '/api/encounters?subjectId=nobody&encounterType=Health%20check', 0],
    ['encounter', `/api/encounters?subjectId=nobody&${concepts({ Remarks: 'x' })}`, 0],
    ['encounter', `/api/encounters?${concepts({ Systolic: 5 })}`, 0],
    ['subject', `/api/subjects?${concepts({ Systolic: '5' })}`, 3],
    ['programEncounter', `/api/programEncounters?${concepts({ Systolic: 5 })}`, 3],
    ['programEncounter', '/api/programEncounters?encounterType=Nope', 3],
    ['programEncounter', '/api/programEncounters?encounterType=Health%20check', 0],
    ['programEncounter', '/api/programEncounters?programEnrolmentId=Nope', 3],
    ['enrolment', `/api/programEnrolments?lastModifiedDateTime=2000-01-01&subject=nobody`, 3],
    ['enrolment', `/api/programEnrolments?lastModifiedDateTime=2000-01-01&program=Nope`, 0],
    ['enrolment', `/api/programEnrolments?lastModifiedDateTime=2099-01-01&program=Nutrition&subject=nobody`, 0],
  ] as const)('over three of %s, %s gives %i', async (kind, path, count) => {
    expect((await (await filled(kind, 3)).ids(path)).length).toBe(count);
  });

  it('of program and subject ignore the time', async () => {
    const { organisation, ids } = await world();
    organisation.add('enrolment', 'Nutrition', { Program: 'Nutrition', 'Subject ID': 's', observations: {} }, { id: 'e', stamp: T });
    expect(await ids(`/api/programEnrolments?${window(T + 5, T + 6)}&program=Nutrition&subject=s`)).toEqual(['e']);
  });

  it('of a place take what lies below it, and of a coded concept the answer’s UUID alone', async () => {
    const { organisation, ids } = await world();
    const { locations, concepts: known } = organisation.metadata;
    const place = (title: string): string => locations.find((each) => each.title === title)?.uuid ?? '';
    organisation.add(
      'subject',
      'Beneficiary',
      { 'Location ID': place('Varuna'), observations: { 'Blood group': 'A positive' } },
      { id: 'v' },
    );
    organisation.add('subject', 'Beneficiary', { observations: {} }, { id: 'w' });
    expect(await ids(`/api/subjects?locationIds=${place('Mysuru')}`)).toEqual(['v']);
    expect(await ids(`/api/subjects?locationIds=${place('Yelwala')}`)).toEqual([]);
    const answer = known.find(({ name }) => name === 'A positive')?.uuid;
    expect(await ids(`/api/subjects?${concepts({ 'Blood group': answer })}`)).toEqual(['v']);
    expect(await ids(`/api/subjects?${concepts({ 'Blood group': 'A positive' })}`)).toEqual([]);
  });

  it('gives memberships by time, both bounds included, else by group before member; with both subjects, and no id', async () => {
    const { organisation, ask } = await world();
    const [house, other, asha] = ['h', 'o', 'w'].map((id) =>
      organisation.add('subject', 'Any', { 'Subject type': 'Any', observations: {} }, { id }),
    );
    for (const [n, group] of [house, other].entries())
      organisation.add(
        'groupSubject',
        '',
        { 'Group ID': group?.id, 'Member ID': asha?.id, Role: 'Head' },
        { stamp: T + n, voided: n === 1 },
      );
    const groups = async (query: string): Promise<unknown[]> =>
      (await ask('GET', `/api/groupSubjects?${query}`)).body.content.map((row) => (row['Group subject'] as { ID: string }).ID);
    expect(await groups(`lastModifiedDateTime=${iso(T)}&now=${iso(T + 1)}`)).toEqual(['h', 'o']);
    expect(await groups(`lastModifiedDateTime=${iso(T + 1)}&groupSubjectId=h`)).toEqual(['o']);
    expect(await groups('groupSubjectId=h&memberSubjectId=nobody')).toEqual(['h']);
    expect(await groups('memberSubjectId=w')).toEqual(['h', 'o']);
    const [row] = (await ask('GET', '/api/groupSubjects?groupSubjectId=h')).body.content;
    expect(Object.keys(row ?? {})).toEqual([
      ...['Group subject', 'Member subject', 'Voided', 'Membership start date', 'Membership end date', 'Role', 'audit'],
    ]);
    expect(row).toMatchObject({ 'Member subject': { ID: 'w' }, Voided: false, Role: 'Head' });
    expect(row?.['Member subject']).not.toHaveProperty('Groups');
    expect((await ask('GET', '/api/subject/w')).body['Groups']).toEqual(['h']);
  });

  it('gives approval statuses by kind and type of record, both bounds excluded, without an id', async () => {
    const { organisation, ask } = await world();
    for (const [n, type] of ['Encounter', 'Encounter', 'Subject'].entries())
      organisation.add(
        'approvalStatus',
        type,
        { 'Entity ID': `e${n}`, 'Entity type': type, 'Entity type ID': `t${n}`, 'Approval status': 'Approved' },
        { stamp: T + n },
      );
    const of = async (query: string): Promise<unknown[]> =>
      (await ask('GET', `/api/approvalStatuses?${query}`)).body.content.map((row) => row['Entity ID']);
    expect(await of('')).toEqual(['e0', 'e1', 'e2']);
    expect(await of('entityType=Encounter')).toEqual(['e0', 'e1']);
    expect(await of('entityType=Encounter&entityTypeId=t1')).toEqual(['e1']);
    expect(await of(`lastModifiedDateTime=${iso(T)}&now=${iso(T + 2)}`)).toEqual(['e1']);
    expect((await ask('GET', '/api/approvalStatuses')).body.content[0]).not.toHaveProperty('ID');
  });

  it.each([
    ['/api/programEnrolments', 400, ''],
    ['/api/programEnrolments?program=Nutrition', 400, ''],
    ['/api/programEnrolments?subject=x', 400, ''],
    ['/api/groupSubjects', 400, ''],
    ['/api/groupSubjects?lastModifiedDateTime=2020-01-01', 200, '"content":[]'],
    ['/api/approvalStatuses', 200, '"content":[]'],
    ['/api/tasks', 400, "Required parameter 'type'"],
    [`/api/subjects?${concepts({ Nope: 1 })}`, 400, 'Concept with name=Nope not found'],
    ['/api/subjects?concepts={', 400, 'BadRequestError'],
    ['/api/subjects?version=x', 500, 'NumberFormatException'],
    ['/api/subjects?version=', 500, 'NumberFormatException'],
    ['/api/subjects?version=9', 200, '"content":[]'],
    ['/api/nothing', 404, 'No static resource'],
  ])('%s answers %i', async (path, status, text) => {
    const answer = await (await world()).ask('GET', path);
    expect([answer.status, answer.text.includes(text), text === '' ? answer.text : '']).toEqual([status, true, '']);
  });
});

describe('rows', () => {
  it('of subjects lack their type where it was asked for; voided ones are there', async () => {
    const { organisation, ask } = await filled('subject', 1);
    organisation.change('subject-0', { voided: true });
    expect((await ask('GET', '/api/subjects')).body.content).toMatchObject([{ 'Subject type': 'Beneficiary', Voided: true, Groups: [] }]);
    expect((await ask('GET', '/api/subjects?subjectType=Beneficiary')).body.content[0]).not.toHaveProperty('Subject type');
  });

  it('show dates from version 2 on in India; one that is none breaks its page', async () => {
    const { organisation, ask } = await filled('subject', 2);
    const date = async (value: unknown, version: number) => {
      organisation.change('subject-0', { body: { observations: { 'Last check date': value } } });
      const one = await ask('GET', `/api/subject/subject-0?version=${version}`);
      return one.body.observations?.['Last check date'] ?? one.status;
    };
    expect(await date('2025-11-01T18:30:00.000Z', 1)).toBe('2025-11-01T18:30:00.000Z');
    expect(await date('2025-11-01T18:30:00.000Z', 2)).toBe('2025-11-02');
    expect(await date('2025-11-01', 3)).toBe('2025-11-01');
    expect(await date('never', 1)).toBe('never');
    expect(await date(5, 2)).toBe(500);
    expect(await date('never', 2)).toBe(500);
    expect((await ask('GET', '/api/subjects?version=2')).status).toBe(500);
    expect((await ask('GET', `/api/subjects?version=2&lastModifiedDateTime=${iso(T)}&now=${iso(T + 5000)}`)).status).toBe(200);
  });

  it('are compressed where there are many', async () => {
    const { ask } = await filled('subject', 50);
    expect((await ask('GET', '/api/subjects?size=50')).headers.get('content-encoding')).toBe('gzip');
    expect((await ask('GET', '/api/subjects?size=1')).headers.get('content-encoding')).toBeNull();
  });
});
