import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Page } from '../../src/connectors/connector.js';
import type { Bookmark } from '../../src/model/bookmark.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { inParts } from '../../src/sync/page-parts.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { iso, noContext } from '../support/sync/fake-source.js';

const END: Bookmark = { v: 1, at: iso(1_000_000) };

/** A page of records with these stamps. */
function page(stamps: number[], bookmark: Bookmark = END): Page {
  const records = stamps.map((stamp, n) => ({ id: `r${n}`, version: 'v', modified: iso(stamp), voided: false, body: {} }));
  return { records, bookmark };
}

async function parts(pages: Page[], start: Bookmark | null = null): Promise<[records: number, at: string][]> {
  async function* given(): AsyncGenerator<Page> {
    yield* pages;
  }
  const all: [number, string][] = [];
  for await (const { records, bookmark } of inParts(given(), () => start)) all.push([records.length, bookmark.at]);
  return all;
}

const rising = (count: number): number[] => Array.from({ length: count }, (_none, n) => n);

describe('the parts of a page', () => {
  it('begin with a few records, and are the whole page where records are quick', async () => {
    expect(await parts([page(rising(200)), page(rising(200))])).toEqual([
      [25, iso(24)],
      [175, END.at],
      [200, END.at],
    ]);
  });

  it('end where the stamp changes, so that a bookmark passes no record by', async () => {
    expect(await parts([page([...rising(20), ...Array<number>(30).fill(20), 21, 22])])).toEqual([
      [50, iso(20)],
      [2, END.at],
    ]);
    expect(await parts([page(Array<number>(60).fill(1))])).toEqual([[60, END.at]]);
  });

  it('are one where only the source knows the places, or stamps are in no order', async () => {
    const inside: Bookmark = { ...END, place: { page: 1 } };
    expect(await parts([page(rising(60), inside)])).toHaveLength(1);
    expect(await parts([page(rising(60))], inside)).toHaveLength(1);
    expect(await parts([page([...rising(59), 0])])).toHaveLength(1);
  });

  it('count, of a mapping that is slow, though a pause breaks the page off', async () => {
    const p = fakeProcess({ A: {} });
    for (let n = 0; n < 100; n += 1) p.system.put('A', `a${n}`);
    const slow = p.parts['A'];
    if (!slow) throw new Error('A has parts');
    const { map } = slow.mapping;
    const end = new AbortController();
    let mapped = 0;
    slow.mapping.map = async (...given) => {
      mapped += 1;
      if (mapped === 40) end.abort();
      await pause(2);
      return map(...given);
    };
    const work = {
      after: null,
      until: iso(p.system.time),
      limit: 100,
      shouldYield: () => false,
      onProgress: () => undefined,
      rows: p.rows.open(),
    };
    const { bookmark, sheet, cancelled } = await syncChanges(slow, work, noContext(end.signal));
    expect(sheet.read).toBeGreaterThanOrEqual(25);
    expect(sheet.read).toBeLessThanOrEqual(100);
    expect([cancelled, bookmark !== null, p.destination.stored.size]).toEqual([true, true, sheet.read]);
  });
});
