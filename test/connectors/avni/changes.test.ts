import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { Bookmark, ChangeSource, Connector, Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { addVisits, iso, readPages, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 5_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const readAll = (source: ChangeSource, after: Bookmark | null, until: number, limit: number) =>
  readPages(source.changes(after, iso(until), limit, c));
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

describe('the window', () => {
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
    // Error types look at what the server said.
    for await (const { records } of source.changes(null, iso(T + 60_000), 10, c))
      for (const record of records) if ('error' in record) expect(record.error.detail).toContain('Invalid format');
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
    simulator.faults.length = 0;
    for (const content of [[], [row('Visit', T)]]) {
      simulator.faults.push({
        times: 1,
        do: { respond: { status: 200, body: { content, totalElements: 1, totalPages: 3, pageSize: 10 } } },
      });
      await expect(readAll(source, null, T + 5, 10)).rejects.toMatchObject({ code: 'BadResponse' });
    }
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
