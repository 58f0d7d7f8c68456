import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { changes } from '../../../src/connectors/avni/changes.js';
import { endpoints } from '../../../src/connectors/avni/endpoints.js';
import { AvniLister } from '../../../src/connectors/avni/lister.js';
import { AvniSession } from '../../../src/connectors/avni/session.js';
import type { Bookmark, Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { addVisits, iso, readPages, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: AvniSimulator | undefined;

afterEach(async () => {
  await open?.close();
});
afterAll(() => http.close());

/**
 * Asks as one does who searches for concepts, which makes both ends of the window of general
 * encounters inclusive.
 */
class AskingForConcepts extends AvniSession {
  override get(path: string, query: Record<string, string>, context: Context) {
    return super.get(path, { ...query, concepts: '{}' }, context);
  }
}

const sessions = { exclusive: AvniSession, inclusive: AskingForConcepts };
const kinds = ['exclusive', 'inclusive'] as const;
const groups = [25, 1000, 5000].flatMap((group) =>
  [10, 100, 1000].flatMap((size) => [0, 1, size - 1].map((offset) => ({ group, size, offset }))),
);

describe.each(kinds)('an endpoint with %s bounds', (bounds) => {
  async function world(organisation = new AvniOrganisation()) {
    open = await startAvniSimulator({ organisation });
    const session = new sessions[bounds]({ url: open.url, auth: { userName: 'me' } });
    const lister = new AvniLister(session, { ...endpoints.encounter, bounds }, 'Visit');
    const read = (after: Bookmark | null, until: number, limit: number, between?: () => void) =>
      readPages(changes(lister, after, iso(until), limit, c), between);
    return { organisation, lister, read };
  }

  it('gives after < stamp ≤ until, a stamp on the horizon once', async () => {
    const { organisation, read } = await world();
    const [before, first, onHorizon, later] = addVisits(organisation, 4, (n) => T + n);
    expect((await read({ v: 1, at: iso(T) }, T + 2, 10)).ids).toEqual([first, onHorizon]);
    expect((await read({ v: 1, at: iso(T + 2) }, T + 3, 10)).ids).toEqual([later]);
    expect((await read(null, T, 10)).ids).toEqual([before]);
  });

  it.each(groups)('delivers a group of $group at offset $offset in pages of $size, once each', async ({ group, size, offset }) => {
    const { organisation, read } = await world();
    const all = [
      ...addVisits(organisation, offset, (n) => T + n),
      ...addVisits(organisation, group, () => T + 5_000),
      ...addVisits(organisation, 3, (n) => T + 6_000 + n),
    ];
    const { ids, bookmarks } = await read(null, T + 10_000, size);
    expect(ids.length).toBe(all.length);
    expect(new Set(ids)).toEqual(new Set(all));
    expect(bookmarks.at(-1)).toEqual({ v: 1, at: iso(T + 10_000) });
  });

  it('delivers a group that lies on the horizon whole, and then nothing more of it', async () => {
    const { organisation, read } = await world();
    const all = addVisits(organisation, 60, () => T);
    const { ids, bookmarks } = await read(null, T, 10);
    expect(new Set(ids)).toEqual(new Set(all));
    expect((await read(bookmarks.at(-1) ?? null, T + 5_000, 10)).ids).toEqual([]);
  });

  it.each([
    ['all of one timestamp', () => T],
    ['each of its own', (n: number) => T + n],
    ['some alike', (n: number) => T + Math.floor(n / 30) * 100],
  ])('skips none though records, %s, are changed while they are paged', async (_name, stamp) => {
    const { organisation, read } = await world();
    const all = addVisits(organisation, 500, stamp);
    const stamps = new Map(all.map((id) => [id, organisation.get(id)?.stamp]));
    let turn = 0;
    const { ids } = await read(null, T + 50_000, 20, () => {
      for (let n = 0; n < 5; n += 1) organisation.change(all[(turn * 7 + n * 31) % 500] ?? '', {}, T + 900_000 + turn);
      turn += 1;
    });
    const unchanged = all.filter((id) => organisation.get(id)?.stamp === stamps.get(id));
    expect(unchanged.length).toBeLessThan(480);
    // Whoever was not delivered has changed, and comes in the next window.
    expect(unchanged.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('goes on from every bookmark without losing any', async () => {
    const { organisation, lister, read } = await world();
    const all = [
      ...addVisits(organisation, 15, (n) => T + n),
      ...addVisits(organisation, 60, () => T + 100),
      ...addVisits(organisation, 15, (n) => T + 200 + n),
    ];
    const seen: { bookmark: Bookmark | null; before: string[] }[] = [{ bookmark: null, before: [] }];
    const before: string[] = [];
    for await (const page of changes(lister, null, iso(T + 1_000), 7, c)) {
      before.push(...page.records.flatMap((record) => record.id ?? []));
      seen.push({ bookmark: page.bookmark, before: [...before] });
    }
    for (const place of seen) {
      const { ids } = await read(place.bookmark, T + 1_000, 7);
      expect(new Set([...place.before, ...ids])).toEqual(new Set(all));
    }
  });

  it('gives a commit that became visible late, within the margin', async () => {
    let now = T + 60_000;
    const { organisation, read } = await world(new AvniOrganisation(() => now));
    const body = { 'Encounter type': 'Visit', observations: {} };
    const late = organisation.add('encounter', 'Visit', body, { stamp: now, visibleFrom: now + 9_900 }).id;
    const delivered: string[] = [];
    // A cycle each second, each with its horizon ten seconds behind the clock.
    let at: Bookmark | null = null;
    for (let cycle = 0; cycle < 15; cycle += 1) {
      const { ids, bookmarks } = await read(at, now - 10_000, 10);
      delivered.push(...ids);
      at = bookmarks.at(-1) ?? null;
      now += 1_000;
    }
    expect(delivered).toEqual([late]);
  });
});
