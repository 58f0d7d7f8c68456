import { describe, expect, it } from '@jest/globals';
import type { ChangeSource, Destination, Owned, Page, SourceRecord } from '../../src/connectors/connector.js';
import { findExtra } from '../../src/sync/reconcile/find-extra.js';
import { IdsSeen } from '../../src/sync/reconcile/ids-seen.js';
import { reconcileTypes } from '../../src/sync/reconcile/reconcile-types.js';
import { Report } from '../../src/sync/reconcile/report.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { iso, noContext } from '../support/sync/fake-source.js';

const PAGE = 50;
const RECORDS = 2_000;
const END = iso(Date.UTC(2026, 0, 2));

function recordOf(number: number): SourceRecord {
  const modified = iso(Date.UTC(2026, 0, 1) + number);
  const body = { type: 'A', id: `r${number}`, parents: {}, accepted: true };
  return { id: `r${number}`, version: modified, modified, voided: false, body };
}

/** A type of many records, which are made as they are read and counted as they are held. */
function manyRecords(plan: NonNullable<Destination['plan']>, owned: (page: number) => Owned[]) {
  const { parts } = fakeProcess({ A: {} });
  const a = parts['A'];
  if (!a) throw new Error('A');
  const held = { read: 0, planned: 0, most: 0, asked: 0 };
  async function* changes(): AsyncGenerator<Page> {
    for (let start = 0; start < RECORDS; start += PAGE) {
      held.read += PAGE;
      held.most = Math.max(held.most, held.read - held.planned);
      const records = Array.from({ length: PAGE }, (_each, index) => recordOf(start + index));
      const isLast = start + PAGE >= RECORDS;
      yield { records, bookmark: isLast ? { v: 1, at: END } : { v: 1, at: iso(Date.UTC(2026, 0, 1) + start + PAGE - 1) } };
    }
  }
  a.source = Object.create(a.source, {
    changes: { value: changes },
    fetch: {
      value: async (ids: string[]) => {
        held.asked = Math.max(held.asked, ids.length);
        return new Map(ids.flatMap((id) => (id.startsWith('r') ? [[id, recordOf(Number(id.slice(1)))]] : [])));
      },
    },
  }) as ChangeSource;
  async function* listOwn(): AsyncGenerator<Owned[]> {
    for (let page = 0; page < RECORDS / PAGE; page += 1) yield owned(page);
  }
  a.destination = Object.create(a.destination, {
    plan: {
      value: async (requests: Parameters<typeof plan>[0], c: Parameters<typeof plan>[1]) => {
        held.planned += requests.length;
        return plan(requests, c);
      },
    },
    listOwn: { value: listOwn },
  }) as Destination;
  return { parts, held, a };
}

const own = (id: string): Owned => ({ of: id, type: 'Thing', id });
const work = { bookmarks: { A: { v: 1 as const, at: END } }, pageSize: () => PAGE, horizonOf: async () => END, showValues: false };

describe('what a reconciliation holds', () => {
  it('is a few pages of either side, however many records there are', async () => {
    const page = (number: number) => Array.from({ length: PAGE }, (_each, index) => own(`r${number * PAGE + index}`));
    const { parts, held } = manyRecords(async (requests) => requests.map(() => ({ kind: 'unchanged', ids: {} })), page);
    const [type] = await reconcileTypes(parts, work, noContext());
    expect(type).toMatchObject({ read: RECORDS, counts: { inStep: RECORDS }, found: [] });
    expect(held.most).toBeLessThanOrEqual(3 * PAGE);
    // What was read already is not asked for.
    expect(held.asked).toBe(0);
  });

  it('is no list of ids where those are too many: the source is asked for them, a page at a time, and nothing counts as extra', async () => {
    const page = (number: number) => Array.from({ length: PAGE }, (_each, index) => own(index === 0 ? `x${number}` : `r${index}`));
    const { parts, held, a } = manyRecords(
      async (requests) =>
        requests.map(({ action }) => (action === 'upsert' ? { kind: 'unchanged', ids: {} } : { kind: 'removed', ids: {} })),
      page,
    );
    const [seen, report] = [new IdsSeen(3), new Report(a, true)];
    expect(await findExtra('A', parts, { seen, report }, noContext())).toBe(true);
    const { counts, found } = report.told(END);
    expect(counts).toEqual({ extra: RECORDS / PAGE });
    expect(found[0]).toEqual({ id: 'x0', standing: 'extra' });
    expect([seen.size, held.asked]).toEqual([3, PAGE]);
  });

  it('is no more of what is found than can be told', () => {
    const { a } = manyRecords(
      async () => [],
      () => [],
    );
    a.source.placeOf = ({ id }) => `Village ${id}`;
    const report = new Report(a, false, 100);
    for (let number = 0; number < 1_000; number += 1) report.add({ id: `r${number}`, standing: 'missing' }, recordOf(number));
    const { found, more, byPlace, counts } = report.told(END);
    expect([found.length, more, counts]).toEqual([100, true, { missing: 1_000 }]);
    expect(Object.keys(byPlace).length).toBeLessThan(500);
    expect(Object.values(byPlace).reduce((sum, { missing = 0 }) => sum + missing, 0)).toBe(1_000);
  });
});
