import { describe, expect, it } from '@jest/globals';
import type { WriteRequest } from '../../../../src/connectors/connector.js';
import { clinicMetadata } from '../../../../src/simulators/avni/clinic-metadata.js';
import { personalValues } from '../../../../src/simulators/avni/generate.js';
import type { Fault } from '../../../../src/simulators/server.js';
import { destinationWorld, everything, PERSON, type Typed } from './world.js';

const POST = { method: 'POST', path: '/api/subject' };
const GET = { method: 'GET', path: '/api/subject/' };

function requestsOf(typed: Typed, count: number): WriteRequest[] {
  return Array.from({ length: count }, (_, n) => typed.request({ id: `${n}`, body: { ...PERSON, 'Last name': `L${n}` } })).flatMap(
    (each) => ('origin' in each ? [each] : []),
  );
}

describe('looking for a record that Avni fails on', () => {
  it('is an error of that record, not its absence, by id and by key', async () => {
    const { to, simulator, c } = await destinationWorld();
    const { one, destination } = to({ subject: 'Beneficiary' });
    await one('p', PERSON);
    simulator.faults.push({ ...GET, do: { respond: { status: 500, body: 'java.lang.IllegalStateException: x' } } });
    const refs = [{ origin: { entityType: 'Thing', id: 'p' } }, { type: 'subject', key: { value: 'K' } }];
    expect(await destination.find(refs, c)).toMatchObject([
      { code: 'Refused', status: 500 },
      { code: 'Refused', status: 500 },
    ]);
  });
});

describe('a write', () => {
  it.each([
    ['whose answer is lost', { do: 'resetAfter' }, { kind: 'unknown', failure: { code: 'Unreachable' } }, true],
    ['that is not answered', { do: 'reset' }, { kind: 'unknown', failure: { code: 'Unreachable' } }, false],
    ['whose answer is cut short', { do: 'truncate' }, { kind: 'unknown', failure: { code: 'BadResponse' } }, false],
    [
      'that is told to wait',
      { do: { respond: { status: 429, headers: { 'retry-after': '7' } } } },
      { kind: 'unavailable', retryAfter: 7_000 },
      false,
    ],
    ['at a system that is away', { do: { respond: { status: 503 } } }, { kind: 'unavailable', failure: { code: 'Unavailable' } }, false],
    ['that is not allowed at all', { do: { respond: { status: 401 } } }, { kind: 'unavailable', failure: { code: 'Unauthorized' } }, false],
    [
      'that fails',
      { do: { respond: { status: 500, body: 'java.lang.NullPointerException' } } },
      { kind: 'refused', error: { code: 'Refused', status: 500, systemCode: 'NullPointerException' } },
      false,
    ],
  ] as [string, Omit<Fault, 'method' | 'path'>, object, boolean][])(
    '%s is told as it is, and done by the next try',
    async (_name, fault, outcome, isThere) => {
      const { to, simulator, organisation } = await destinationWorld();
      const { one } = to({ subject: 'Beneficiary' });
      simulator.faults.push({ ...POST, ...fault });
      expect(await one('p', PERSON)).toMatchObject(outcome);
      expect(organisation.all()).toHaveLength(isThere ? 1 : 0);
      simulator.faults.length = 0;
      expect((await one('p', PERSON)).kind).toBe(isThere ? 'unchanged' : 'created');
      expect(organisation.all()).toHaveLength(1);
    },
  );

  it.each([
    [
      'another record',
      { status: 200, body: { ID: 'x', Voided: false, audit: { 'Last modified at': '2026-01-01T00:00:00.000Z' }, observations: {} } },
      'NotWritten',
    ],
    ['no record', { status: 200, body: {} }, 'NotWritten'],
    ['a page to sign in', { status: 200, body: '<html>Sign in</html>' }, 'NotWritten'],
    ['nothing', { status: 200 }, 'NotWritten'],
  ])('that is answered with %s is not believed', async (_name, respond, code) => {
    const { to, simulator, organisation } = await destinationWorld();
    const { one } = to({ subject: 'Beneficiary' });
    simulator.faults.push({ ...POST, times: 1, do: { respond } });
    expect(await one('p', PERSON)).toMatchObject({ kind: 'refused', error: { code } });
    expect(organisation.all()).toHaveLength(0);
  });

  it('that was done is believed though its answer does not show it', async () => {
    const { to, simulator, organisation } = await destinationWorld();
    const { one, externalId } = to({ subject: 'Beneficiary' });
    simulator.watchers.push(({ method }) => {
      if (method === 'POST')
        organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', 'External ID': externalId('p'), ...stored() });
    });
    simulator.faults.push({ ...POST, times: 1, do: { respond: { status: 200, body: {} } } });
    expect((await one('p', PERSON)).kind).toBe('created');
  });

  it('that loses to another of the same External ID is done upon it', async () => {
    const { to, simulator, organisation } = await destinationWorld();
    const { one, externalId } = to({ subject: 'Beneficiary' });
    let isFirst = true;
    simulator.watchers.push(({ method }) => {
      if (method !== 'POST' || !isFirst) return;
      isFirst = false;
      organisation.add('subject', 'Beneficiary', {
        'Subject type': 'Beneficiary',
        'External ID': externalId('p'),
        ...stored(),
        observations: { 'First name': 'Other', Gender: 'Male' },
      });
    });
    simulator.faults.push({
      ...POST,
      times: 1,
      do: { respond: { status: 409, body: 'Entity create or update failed due to constraint violation: duplicate key value' } },
    });
    expect((await one('p', PERSON)).kind).toBe('updated');
    expect(organisation.all().map(({ body }) => body['observations'] as object)).toEqual([
      expect.objectContaining({ 'First name': 'Lakshmi' }),
    ]);
  });

  it('of one record by two at once is done once, and the one that comes late finds it', async () => {
    const { to, organisation } = await destinationWorld();
    organisation.lateCommits = { milliseconds: 150 };
    const both = [to({ subject: 'Beneficiary' }), to({ subject: 'Beneficiary' })];
    const outcomes = await Promise.all(both.map(({ one }) => one('p', PERSON)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'unchanged']);
    expect(organisation.all()).toHaveLength(1);
  });

  it('fails for one record alone, while the others are written', async () => {
    const { to, simulator } = await destinationWorld();
    const typed = to({ subject: 'Beneficiary' });
    simulator.faults.push({ ...POST, body: '"L3"', do: { respond: { status: 500, body: 'java.lang.IllegalStateException: L3' } } });
    const outcomes = await typed.put(...Array.from({ length: 12 }, (_, n) => ({ id: `${n}`, body: { ...PERSON, 'Last name': `L${n}` } })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, (_, n) => (n === 3 ? 'refused' : 'created')));
  });

  it('is not begun once the system is away, and never more than eight at a time', async () => {
    const { to, simulator, organisation, c } = await destinationWorld({ latency: 5 });
    const typed = to({ subject: 'Beneficiary' });
    let most = 0;
    simulator.watchers.push(() => (most = Math.max(most, simulator.inFlight())));
    simulator.faults.push({ ...POST, body: '"L20"', do: { respond: { status: 503 } } });
    const outcomes = await typed.destination.write(requestsOf(typed, 60), c);
    const written = outcomes.filter(({ kind }) => kind === 'created').length;
    expect(outcomes.filter(({ kind }) => kind === 'unavailable').length).toBe(60 - written);
    expect(organisation.all()).toHaveLength(written);
    expect(simulator.requests.filter((each) => each === 'POST /api/subject').length).toBeLessThan(35);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('is waited for when it is cancelled, and none begins after it', async () => {
    const { to, simulator, c } = await destinationWorld();
    const typed = to({ subject: 'Beneficiary' });
    const cancel = new AbortController();
    simulator.watchers.push(({ method }) => {
      if (method === 'POST') cancel.abort();
    });
    await expect(typed.destination.write(requestsOf(typed, 30), { ...c, signal: cancel.signal })).rejects.toMatchObject({
      name: 'Cancelled',
    });
    expect(simulator.inFlight()).toBe(0);
    expect(simulator.requests.filter((each) => each === 'POST /api/subject').length).toBeLessThanOrEqual(8);
  });

  it('renews a token that has expired', async () => {
    const { to, simulator, organisation } = await destinationWorld({ settings: { idp: 'set' } }, undefined, {
      username: 'sangam@demo',
      password: 'x',
    });
    const { one } = to({ subject: 'Beneficiary' });
    expect((await one('p', PERSON)).kind).toBe('created');
    simulator.watchers.push(({ method, path }) => {
      if (method === 'POST' && path === '/api/subject' && simulator.requests.filter((each) => each === 'POST /api/subject').length === 2)
        simulator.expireTokens();
    });
    expect((await one('q', PERSON)).kind).toBe('created');
    expect(organisation.all()).toHaveLength(2);
  });
});

describe('a look before a write', () => {
  it.each([
    [{ do: { respond: { status: 503 } } }, 'Unavailable'],
    [{ do: 'reset' }, 'Unreachable'],
    [{ do: { respond: { status: 403, body: 'User does not have privilege of type: ViewSubject for x' } } }, 'Forbidden'],
    [{ do: { respond: { status: 200, body: 'Sign in' } } }, 'BadResponse'],
  ] as [Omit<Fault, 'method' | 'path'>, string][])('that fails by %j writes nothing', async (fault, code) => {
    const { to, simulator, organisation } = await destinationWorld();
    simulator.faults.push({ ...GET, ...fault });
    await expect(to({ subject: 'Beneficiary' }).one('p', PERSON)).rejects.toMatchObject({ name: 'SystemFailure', code });
    expect(organisation.all()).toHaveLength(0);
  });

  it.each([
    ['a subject', '/api/subjects', { subject: 'Beneficiary' }, PERSON],
    ['a task', '/api/tasks', { task: 'Follow-up' }, { Name: 'x', 'Task status': 'New' }],
  ])('of %s names the privilege that is lacking, where the list of the type is forbidden', async (_what, path, target, body) => {
    const { to, simulator, organisation } = await destinationWorld();
    const text = 'User does not have privilege of type: ViewSubject for org.avni.server.domain.SubjectType with uuid: 1';
    simulator.faults.push({ method: 'GET', path, do: { respond: { status: 403, body: text } } });
    await expect(to(target).one('p', body)).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('the user lacks the privilege ViewSubject'),
      remedy: 'Give the integration’s user group the privilege ViewSubject for this type in Avni.',
    });
    expect(organisation.all()).toHaveLength(0);
  });

  it('at a record in an odd form refuses that record alone', async () => {
    const { to, organisation } = await destinationWorld();
    const typed = to({ subject: 'Beneficiary' });
    await typed.one('a', PERSON);
    organisation.show(organisation.all()[0]?.id ?? '', { members: { observations: [] } });
    const before = everything(organisation).length;
    const outcomes = await typed.put({ id: 'a', body: PERSON }, { id: 'b', body: PERSON });
    expect(outcomes).toMatchObject([{ kind: 'refused', error: { code: 'Unreadable' } }, { kind: 'created' }]);
    expect(everything(organisation)).toHaveLength(before + 1);
  });
});

describe('an error', () => {
  it('tells nothing of a person but in its detail', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to({ subject: 'Beneficiary' });
    await one('p', PERSON);
    const secrets = [...personalValues(organisation), 'Secret'];
    const bad = [
      { ...PERSON, Gender: 'Secret' },
      { ...PERSON, Address: 'Secret' },
      { ...PERSON, 'Date of birth': 'Secret' },
      { ...PERSON, Secret: 1 },
      { ...PERSON, observations: { Secret: 1 } },
      { ...PERSON, observations: { 'Blood group': 'Secret' } },
      { ...PERSON, observations: { Mobile: 'Secret', Weight: 'Secret' } },
      { ...PERSON, observations: { Household: { Secret: 'Secret' } } },
    ];
    for (const body of bad) {
      const outcome = await one('p', body);
      const error = outcome.kind === 'refused' ? outcome.error : undefined;
      expect(error).toBeDefined();
      const { detail: _detail, ...shown } = error ?? {};
      for (const secret of secrets) expect(JSON.stringify(shown)).not.toContain(secret);
    }
  });
});

describe('a type', () => {
  it('that is renamed while it is believed stops, and no record is blamed', async () => {
    const { to, organisation } = await destinationWorld();
    const typed = to({ encounter: 'Lab result' });
    const subject = organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations: {} });
    const visit = { 'Subject ID': subject.id, 'Encounter date time': '2025-12-01T00:00:00Z' };
    expect((await typed.one('a', visit)).kind).toBe('created');
    organisation.renameType('encounter', 'Lab result', 'Laboratory');
    expect(await typed.one('b', visit)).toMatchObject({
      kind: 'unavailable',
      failure: { code: 'UnknownType', message: expect.stringContaining('“Laboratory”') },
    });
    await expect(typed.one('b', visit)).rejects.toMatchObject({ code: 'UnknownType' });
    organisation.renameType('encounter', 'Laboratory', 'Lab result');
    expect((await typed.one('b', visit)).kind).toBe('created');
  });

  it.each([{ subject: 'Nobody' }, { enrolment: 'Nothing' }, { encounter: 'Never' }, { programEncounter: 'Nowhere' }])(
    'that Avni does not know, %j, stops before anything is sent, and is known once it is there',
    async (settings) => {
      const { to, simulator, organisation, c } = await destinationWorld();
      const typed = to(settings);
      await expect(typed.remove('p')).rejects.toMatchObject({ name: 'SystemFailure', code: 'UnknownType' });
      expect((await typed.destination.check?.(c))?.problems).toMatchObject([{ code: 'UnknownType' }]);
      expect(simulator.requests.filter((each) => each.includes('/api/'))).toEqual([]);
      const { metadata } = organisation;
      metadata.subjectTypes.push({ name: 'Nobody', uuid: 'n', person: true, registeredAt: [], mayLackAddress: true });
      metadata.programs.push({ name: 'Nothing', uuid: 'n' });
      metadata.encounterTypes.push({ name: 'Never', uuid: 'n' }, { name: 'Nowhere', uuid: 'w' });
      expect(await typed.remove('p')).toEqual({ kind: 'absent' });
      expect(await typed.destination.check?.(c)).toEqual({ problems: [], warnings: [] });
      simulator.settings.metadataReadable = false;
      expect((await to(settings).destination.check?.(c))?.warnings).toMatchObject([{ code: 'SetupUnreadable' }]);
    },
  );
});

const HOSAHALLI = clinicMetadata().locations.find(({ title }) => title === 'Hosahalli')?.uuid;

/** PERSON as Avni stores it. */
function stored(): Record<string, unknown> {
  const { observations, 'First name': first, 'Last name': last, 'Date of birth': birth, Gender: gender, ...rest } = PERSON;
  const location = { Village: 'Hosahalli', District: 'Mysuru', State: 'Karnataka' };
  const names = { 'First name': first, 'Last name': last, 'Date of birth': birth, Gender: gender };
  return { ...rest, location, 'Location ID': HOSAHALLI, observations: { ...names, ...(observations as object) } };
}
