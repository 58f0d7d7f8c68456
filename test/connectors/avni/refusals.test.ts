import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { Context, SourceRecord, Unreadable } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator, type AvniSimulatorOptions } from '../../../src/simulators/avni/avni-simulator.js';
import { addVisits, iso, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: AvniSimulator | undefined;
afterEach(async () => open?.close());
afterAll(() => http.close());

async function world(auth: object, settings: AvniSimulatorOptions['settings'] = {}) {
  const simulator = await startAvniSimulator({ settings });
  open = simulator;
  const connector = avni.connect('avni', { url: simulator.url, auth }, { margin: 0 });
  const source = connector.source?.({ encounter: 'Visit' }, { entityTypes: {} });
  if (!source) throw new Error('Avni is a source');
  return { simulator, connector, source };
}

const problemOf = async (auth: object, settings: AvniSimulatorOptions['settings']) =>
  (await (await world(auth, settings)).connector.check(c)).problems[0];

describe('an Avni server that refuses everything', () => {
  it('has no identity provider: its null token says so, and the remedy names the setting', async () => {
    const problem = await problemOf({ username: 'u', password: 'p' }, { idp: 'none' });
    expect(problem).toMatchObject({ code: 'Unauthorized', message: expect.stringContaining('no identity provider') as unknown });
    expect(problem?.remedy).toContain('userName');
  });

  it('is given a token that is none of its own: both causes are named, since the service itself is up', async () => {
    const problem = await problemOf({ token: 'of-another-server' }, { idp: 'none' });
    expect(problem).toMatchObject({ code: 'ServerError', message: expect.stringMatching(/500.*\/ping/) as unknown });
    expect(problem?.remedy).toMatch(/database is down.*auth\.token.*auth\.userName/);
  });

  it('has lost its database: the status is said that was read, though the body never ends', async () => {
    const problem = await problemOf({ userName: 'me' }, { databaseDown: true });
    expect(problem).toMatchObject({ code: 'ServerError', message: expect.stringMatching(/500.*\/ping/) as unknown });
    expect(problem?.remedy).toContain('database');
  });

  it('gives a refusal of three megabytes: it is told in a few words', async () => {
    const { simulator, source } = await world({ userName: 'me' });
    const body = `User does not have privilege of type: ${'x'.repeat(3_000_000)}`;
    simulator.faults.push({ path: '/api/encounters', do: { respond: { status: 403, body } } });
    const failure = await source.hasChanges(null, iso(T), c).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'Forbidden' });
    expect((failure as Error).message.length).toBeLessThan(300);
  });

  it('gives more rows than were asked for: the page is refused before they are read', async () => {
    const { simulator, source } = await world({ userName: 'me' });
    const content = Array.from({ length: 100_000 }, (_, n) => ({ ID: `v${n}`, Voided: false, audit: { 'Last modified at': iso(T + n) } }));
    simulator.faults.push({ path: '/api/encounters', do: { respond: { status: 200, body: { content, totalPages: 1, pageSize: 200 } } } });
    const reading = async (): Promise<void> => {
      for await (const page of source.changes(null, iso(T + 1_000_000), 200, c)) expect(page.records.length).toBeLessThanOrEqual(200);
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'BadResponse',
      message: expect.stringContaining('more rows than the 200') as unknown,
    });
  });
});

describe('a record that breaks its page and is voided', () => {
  it('comes as a voided record, in a list and by its id, where the older form of the API gives it', async () => {
    const { simulator, source } = await world({ userName: 'me' });
    const { organisation } = simulator;
    const good = addVisits(organisation, 5, (n) => T + n);
    const body = { 'Encounter type': 'Visit', observations: { 'Last check date': 'never' } };
    const [broken, gone] = [false, true].map((voided) => organisation.add('encounter', 'Visit', body, { stamp: T + 2, voided }).id);
    const found = new Map<string | undefined, SourceRecord | Unreadable>();
    for await (const { records } of source.changes(null, iso(T + 100), 200, c)) for (const record of records) found.set(record.id, record);
    const single = await source.fetch([broken ?? '', gone ?? ''], c);
    expect(new Set(found.keys())).toEqual(new Set([...good, broken, gone]));
    for (const records of [found, single]) {
      expect(records.get(gone ?? '')).toMatchObject({ id: gone, voided: true, modified: iso(T + 2), version: iso(T + 2) });
      expect(records.get(broken ?? '')).toMatchObject({ id: broken, error: { code: 'Unreadable' } });
    }
  });
});
