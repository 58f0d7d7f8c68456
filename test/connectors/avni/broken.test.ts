import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { BrokenSpots } from '../../../src/connectors/avni/broken-spots.js';
import { changes } from '../../../src/connectors/avni/changes.js';
import { endpoints } from '../../../src/connectors/avni/endpoints.js';
import { avni } from '../../../src/connectors/avni/index.js';
import { AvniLister } from '../../../src/connectors/avni/lister.js';
import { AvniSession } from '../../../src/connectors/avni/session.js';
import type { Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { addVisits, iso, readPages, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const HOUR = 3_600_000;
const body = { 'Encounter type': 'Visit', observations: { 'Last check date': 'never' } };
/** Once more, and whether the server is well: what the first failure costs. */
const FAILURE = 3;
/** A part of what failed is asked once, and the server whether it is well. */
const STEP = 2;
/** How many rows have the stamp, the one that fails, and its id. */
const SPOT = 1 + FAILURE + 1;
let open: AvniSimulator | undefined;

afterEach(async () => {
  await open?.close();
});
afterAll(() => http.close());

/** A server whose older form of the API fails on the same records. */
class WithoutOlderForm extends AvniSession {
  override get(path: string, query: Record<string, string>, context: Context) {
    return super.get(path, { ...query, version: '2' }, context);
  }
}

/** A server that gives fewer rows a page than an Avni server does as it comes. */
class WithSmallPages extends AvniSession {
  override get(path: string, query: Record<string, string>, context: Context) {
    return super.get(path, { ...query, size: String(Math.min(Number(query['size']), 7)) }, context);
  }
}

async function world(Session = AvniSession) {
  const organisation = new AvniOrganisation();
  const simulator = await startAvniSimulator({ organisation });
  open = simulator;
  const lister = new AvniLister(new Session({ url: simulator.url, auth: { userName: 'me' } }), endpoints.encounter, 'Visit');
  const spots = new BrokenSpots();
  const bad = (stamp: number): string => organisation.add('encounter', 'Visit', body, { stamp }).id;
  const read = async (until: number, limit: number) => {
    const before = simulator.requests.length;
    const { ids, broken } = await readPages(changes(lister, null, iso(until), limit, c, spots));
    return { ids, broken, requests: simulator.requests.length - before };
  };
  return { organisation, simulator, bad, read };
}

describe('a record that breaks its page', () => {
  it.each([
    ['a page of 1,000 over a year', 999, 8 * HOUR, 1_000],
    ['a page of ten over months', 9, 400 * HOUR, 10],
    ['a page of ten in a second', 9, 100, 10],
  ])('%s: is found in as many steps as its page halves, whatever the time between', async (_what, count, apart, limit) => {
    for (const place of [0, Math.floor(count / 2), count]) {
      const { organisation, bad, read } = await world();
      const good = addVisits(organisation, count, (n) => T + (n < place ? n : n + 1) * apart);
      const broken = bad(T + place * apart);
      const found = await read(T + 2_000 * apart, limit);
      expect([new Set(found.ids), found.ids.length, found.broken]).toEqual([new Set(good), count, [broken]]);
      // Each row is a place to cut before and behind; and what is left is read.
      expect(found.requests).toBeLessThanOrEqual(FAILURE + 1 + STEP * (Math.ceil(Math.log2(2 * count + 2)) + 1) + SPOT + 2);
      await open?.close();
    }
  });

  it('is not searched for again by the next pass over the same time, until it is mended', async () => {
    const { organisation, bad, read } = await world();
    const good = addVisits(organisation, 200, (n) => T + n * HOUR);
    const ids = [bad(T + 50 * HOUR + 1), bad(T + 150 * HOUR + 1)];
    expect((await read(T + 900 * HOUR, 1_000)).broken).toEqual(ids);
    const again = await read(T + 900 * HOUR, 1_000);
    expect([again.ids.length, again.broken]).toEqual([good.length, ids]);
    // What lies between is read in one go each.
    expect(again.requests).toBe(2 * SPOT + 3);
    for (const id of ids) organisation.change(id, { body: { 'Encounter type': 'Visit', observations: {} } }, T + 500 * HOUR);
    const mended = await read(T + 900 * HOUR, 1_000);
    expect([mended.ids.length, mended.broken]).toEqual([good.length + 2, []]);
    expect((await read(T + 900 * HOUR, 1_000)).requests).toBe(1);
  });

  it('is found by time alone where the older form of the API fails on it too', async () => {
    const { organisation, bad, read } = await world(WithoutOlderForm);
    const good = addVisits(organisation, 9, (n) => T + n * 400 * HOUR);
    bad(T + 900 * HOUR);
    const found = await read(T + 4_000 * HOUR, 10);
    expect([new Set(found.ids), found.broken]).toEqual([new Set(good), ['?']]);
    expect(found.requests).toBeLessThanOrEqual(FAILURE + STEP * (1 + Math.ceil(Math.log2(T + 4_000 * HOUR)) + 1) + 2 * FAILURE + 3);
  });

  it('is one among many that do', async () => {
    const { organisation, bad, read } = await world();
    const good = addVisits(organisation, 60, (n) => T + n * HOUR);
    const ids = [3, 3, 4, 17, 59].map((n) => bad(T + n * HOUR));
    const found = await read(T + 900 * HOUR, 25);
    expect([new Set(found.ids), new Set(found.broken)]).toEqual([new Set(good), new Set(ids)]);
  });

  it('is found among records of one stamp, whatever rows the server gives a page', async () => {
    const { organisation, bad, read } = await world(WithSmallPages);
    const good = addVisits(organisation, 40, () => T);
    const broken = bad(T);
    const found = await read(T + HOUR, 1_000);
    expect([new Set(found.ids), found.ids.length, found.broken]).toEqual([new Set(good), 40, [broken]]);
  });

  it.each([
    ['many records of one stamp', false],
    ['records of one stamp of which one breaks', true],
  ])('is not thought to be on a page without rows, where %s are counted', async (_what, breaks) => {
    const { organisation, simulator, bad, read } = await world();
    addVisits(organisation, 30, () => T);
    if (breaks) bad(T);
    simulator.watchers.push(({ query }) => {
      // Twice, and well in between: one who asks sees a server in good health.
      if (query.get('page') === '1000000') simulator.faults.push({ times: 1, do: { respond: { status: 500, body: '' } } });
    });
    await expect(read(T + HOUR, 10)).rejects.toMatchObject({ name: 'SystemFailure', code: 'ServerError' });
  });

  it('is not blamed where the server fell ill while it was searched for', async () => {
    const { organisation, simulator, bad, read } = await world();
    addVisits(organisation, 100, (n) => T + n * HOUR);
    bad(T + 50 * HOUR + 1);
    const { requests } = simulator;
    const ill = requests.length + 6;
    simulator.watchers.push(() => {
      if (requests.length === ill) simulator.faults.push({ do: { respond: { status: 500, body: '' } } });
    });
    await expect(read(T + 900 * HOUR, 1_000)).rejects.toMatchObject({ name: 'SystemFailure', code: 'ServerError' });
    expect(requests.length - ill).toBeLessThanOrEqual(FAILURE);
  });
});

describe('an Avni server that says nothing of its errors', () => {
  it('still has the record named, and where to find out more', async () => {
    const { organisation, simulator, bad } = await world();
    addVisits(organisation, 5, (n) => T + n * HOUR);
    const id = bad(T + 2 * HOUR + 1);
    simulator.settings.hideExceptions = true;
    const source = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 0 }).source?.({ encounter: 'Visit' });
    const errors = [(await source?.fetch([id], c))?.get(id)];
    for await (const { records } of source?.changes(null, iso(T + 90 * HOUR), 10, c) ?? [])
      errors.push(...records.filter((each) => 'error' in each));
    expect(errors).toHaveLength(2);
    for (const each of errors)
      expect(each).toMatchObject({
        id,
        error: { code: 'Unreadable', status: 500, remedy: expect.stringContaining('AVNI_SEND_EXCEPTION_IN_RESPONSE') },
      });
  });
});
