import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { Bookmark, ChangeSource, Connector, Context } from '../../../src/connectors/connector.js';
import { endpoints } from '../../../src/connectors/avni/endpoints.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';

const http = createHttp({ timeout: 5_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const T = Date.UTC(2026, 0, 1);
const iso = (time: number): string => new Date(time).toISOString();
const open: AvniSimulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

async function world(
  organisation = new AvniOrganisation(),
): Promise<{ organisation: AvniOrganisation; simulator: AvniSimulator; connector: Connector; source: ChangeSource }> {
  const simulator = await startAvniSimulator({ organisation });
  open.push(simulator);
  const connector = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 10_000 });
  const source = connector.source?.({ encounter: 'Visit' });
  if (!source) throw new Error('Avni is a source');
  return { organisation, simulator, connector, source };
}

function addVisits(organisation: AvniOrganisation, count: number, stamp: (n: number) => number): string[] {
  return Array.from(
    { length: count },
    (_, n) => organisation.add('encounter', 'Visit', { 'Encounter type': 'Visit', observations: {} }, { stamp: stamp(n) }).id,
  );
}

/** All ids delivered, and the bookmarks on the way; `between` may change the organisation between two pages. */
async function readAll(source: ChangeSource, after: Bookmark | null, until: number, limit: number, between: () => void = () => undefined) {
  const ids: string[] = [];
  const broken: string[] = [];
  const bookmarks: Bookmark[] = [];
  for await (const page of source.changes(after, iso(until), limit, c)) {
    for (const record of page.records) ('error' in record ? broken : ids).push(record.id ?? '?');
    bookmarks.push(page.bookmark);
    between();
  }
  return { ids, broken, bookmarks };
}

describe('records of one timestamp', () => {
  const cases = [25, 1000, 5000].flatMap((group) =>
    [10, 100, 1000].flatMap((size) => [0, 1, size - 1].map((offset) => ({ group, size, offset }))),
  );

  it.each(cases.filter(({ group, size }) => group / size <= 100))(
    'delivers a group of $group at offset $offset in pages of $size, once each',
    async ({ group, size, offset }) => {
      const { organisation, source } = await world();
      const all = [
        ...addVisits(organisation, offset, (n) => T + n),
        ...addVisits(organisation, group, () => T + 5_000),
        ...addVisits(organisation, 3, (n) => T + 6_000 + n),
      ];
      const { ids, bookmarks } = await readAll(source, null, T + 10_000, size);
      expect(ids.length).toBe(all.length);
      expect(new Set(ids)).toEqual(new Set(all));
      expect(bookmarks.at(-1)).toEqual({ v: 1, at: iso(T + 10_000) });
    },
  );

  it('skips none though records are changed while they are paged', async () => {
    const { organisation, source } = await world();
    const all = addVisits(organisation, 500, () => T);
    let turn = 0;
    const { ids } = await readAll(source, null, T + 1_000, 20, () => {
      for (let n = 0; n < 5; n += 1) organisation.change(all[(turn * 7 + n * 31) % 500] ?? '', {}, T + 900_000 + turn);
      turn += 1;
    });
    const moved = organisation.all().filter(({ stamp }) => stamp > T);
    expect(moved.length).toBeGreaterThan(20);
    // Whoever was not delivered has changed, and comes in the next window.
    expect(all.filter((id) => !ids.includes(id) && organisation.get(id)?.stamp === T)).toEqual([]);
  });

  it('goes on from every bookmark without losing any', async () => {
    const { organisation, source } = await world();
    const all = [
      ...addVisits(organisation, 15, (n) => T + n),
      ...addVisits(organisation, 60, () => T + 100),
      ...addVisits(organisation, 15, (n) => T + 200 + n),
    ];
    const seen: { bookmark: Bookmark | null; before: string[] }[] = [{ bookmark: null, before: [] }];
    const before: string[] = [];
    for await (const page of source.changes(null, iso(T + 1_000), 7, c)) {
      before.push(...page.records.flatMap((record) => record.id ?? []));
      seen.push({ bookmark: page.bookmark, before: [...before] });
    }
    for (const place of seen) {
      const { ids } = await readAll(source, place.bookmark, T + 1_000, 7);
      expect(new Set([...place.before, ...ids])).toEqual(new Set(all));
    }
  });
});

describe('the window', () => {
  it('is after < stamp ≤ until, on both kinds of endpoint', async () => {
    const { organisation, source } = await world();
    const [, first, second] = addVisits(organisation, 4, (n) => T + n);
    expect((await readAll(source, { v: 1, at: iso(T) }, T + 2, 10)).ids).toEqual([first, second]);
    const endpoint = endpoints.encounter;
    const bounds = endpoint.bounds;
    try {
      endpoint.bounds = 'inclusive';
      // The simulated server has inclusive bounds where concepts are searched for.
      endpoint.list = '/api/encounters';
      const { AvniLister } = await import('../../../src/connectors/avni/lister.js');
      const { AvniSession } = await import('../../../src/connectors/avni/session.js');
      class Inclusive extends AvniSession {
        override get(path: string, query: Record<string, string>, context: Context) {
          return super.get(path, { ...query, concepts: '{}' }, context);
        }
      }
      const session = new Inclusive({ url: open[0]?.url ?? '', auth: { userName: 'me' } });
      const { rows } = await new AvniLister(session, endpoint, 'Visit').list({ after: iso(T), until: iso(T + 2) }, 0, 10, c);
      expect(rows.map((row) => row.ID)).toEqual([first, second]);
    } finally {
      endpoint.bounds = bounds;
    }
  });

  it('takes a commit that became visible late, within margin and overlap', async () => {
    let now = T + 60_000;
    const { organisation, source } = await world(new AvniOrganisation(() => now));
    const late = organisation.add(
      'encounter',
      'Visit',
      { 'Encounter type': 'Visit', observations: {} },
      { stamp: now, visibleFrom: now + 9_000 },
    ).id;
    now += 5_000;
    const horizon = now - 10_000;
    expect((await readAll(source, null, horizon, 10)).ids).toEqual([]);
    now += 20_000;
    expect((await readAll(source, { v: 1, at: iso(horizon - 1_000) }, now - 10_000, 10)).ids).toEqual([late]);
  });

  it('is empty, and says so, where nothing changed', async () => {
    const { organisation, source } = await world();
    addVisits(organisation, 2, () => T);
    expect(await source.hasChanges({ v: 1, at: iso(T - 1) }, iso(T), c)).toBe(true);
    expect(await source.hasChanges({ v: 1, at: iso(T) }, iso(T + 5), c)).toBe(false);
    expect((await readAll(source, { v: 1, at: iso(T) }, T + 5, 10)).bookmarks).toEqual([{ v: 1, at: iso(T + 5) }]);
  });
});

describe('what an Avni server does', () => {
  it('gives the rest though one record breaks each page it is on, also inside a group', async () => {
    const { organisation, source } = await world();
    const good = [...addVisits(organisation, 30, (n) => T + n * 1000), ...addVisits(organisation, 40, () => T + 15_500)];
    const bad = [T + 7_000, T + 15_500].map(
      (stamp) =>
        organisation.add('encounter', 'Visit', { 'Encounter type': 'Visit', observations: { 'Last check date': 'never' } }, { stamp }).id,
    );
    const { ids, broken } = await readAll(source, null, T + 60_000, 10);
    expect(new Set(ids)).toEqual(new Set(good));
    expect(new Set(broken)).toEqual(new Set(bad));
  });

  it('is refused where it gives other types, or the same page again', async () => {
    const { simulator, source, organisation } = await world();
    addVisits(organisation, 3, (n) => T + n);
    const row = (type: string, at: number) => ({ ID: 'x', Voided: false, 'Encounter type': type, audit: { 'Last modified at': iso(at) } });
    const page = (...content: object[]) => ({
      respond: { status: 200, body: { content, totalElements: content.length, totalPages: 9, pageSize: content.length } },
    });
    simulator.faults.push({ times: 1, do: page(row('Other', T)) });
    await expect(readAll(source, null, T + 5, 10)).rejects.toMatchObject({ code: 'FilterDropped' });
    simulator.faults.push({ do: page(row('Visit', T), row('Visit', T + 1)) });
    await expect(readAll(source, null, T + 5, 10)).rejects.toMatchObject({ code: 'BadResponse' });
  });

  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [404, 'NotFound'],
    [429, 'RateLimited'],
    [500, 'ServerError'],
    [502, 'Unavailable'],
    [503, 'Unavailable'],
    [302, 'BadResponse'],
  ])('answers %i: the system failed, as %s', async (status, code) => {
    const { simulator, source, connector } = await world();
    simulator.faults.push({ do: { respond: { status, body: 'text', headers: { 'retry-after': '7' } } } });
    await expect(readAll(source, null, T, 10)).rejects.toMatchObject({
      name: 'SystemFailure',
      code,
      ...(status === 429 ? { retryAfter: 7000 } : {}),
    });
    expect(await connector.check(c)).toMatchObject({ ok: false, problems: [{ code }] });
  });

  it.each([
    ['hang', 'TimedOut'],
    ['reset', 'Unreachable'],
    ['truncate', 'BadResponse'],
    [{ respond: { status: 200, body: '<html>' } }, 'BadResponse'],
    [{ respond: { status: 200, body: { rows: [] } } }, 'BadResponse'],
  ] as const)('does %j: the system failed, as %s', async (fault, code) => {
    const { simulator } = await world();
    const quick = createHttp({ timeout: 300 });
    const source = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 0 }).source?.({ encounter: 'Visit' });
    simulator.faults.push({ do: fault });
    await expect(source?.hasChanges(null, iso(T), { ...c, http: quick })).rejects.toMatchObject({ code });
    quick.close();
  });

  it('renews an expired token once, whoever asks', async () => {
    const { simulator } = await world();
    const connector = avni.connect('avni', { url: simulator.url, auth: { username: 'u', password: 'p' } }, { margin: 10_000 });
    await connector.horizon(c);
    simulator.expireTokens();
    await Promise.all([connector.horizon(c), connector.horizon(c)]);
    expect(simulator.requests.filter((each) => each.endsWith('generateToken')).length).toBe(2);
  });
});
