import { describe, expect, it } from '@jest/globals';
import type { Bookmark } from '../../src/connectors/connector.js';
import { notBeyond, takenBack } from '../../src/model/believed.js';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
const bookmark = (second: number): Bookmark => ({ v: 1, at: at(second) });
const withPlace = (second: number): Bookmark => ({ ...bookmark(second), place: { stamp: at(second + 60), page: 3 } });

describe('a bookmark and what can be believed', () => {
  it('stays where it lies behind the horizon', () => {
    for (const second of [-100, 0, 10]) expect(takenBack(bookmark(second), at(10), { clockBound: 5_000 })).toBeUndefined();
  });

  it('goes back to the horizon without a word where clocks of one system may differ so much', () => {
    expect(takenBack(bookmark(12), at(10), { clockBound: 5_000 })).toEqual({ bookmark: bookmark(10) });
  });

  it('goes back well before its last look, and says from where, where it lies further ahead', () => {
    const back = takenBack({ ...bookmark(90), systems: 's' }, at(10), { clockBound: 5_000, lastDone: at(0) });
    expect(back).toEqual({
      bookmark: { v: 1, at: at(-900), systems: 's' },
      told: { from: at(90), to: at(-900) },
    });
  });

  it('leaves the place that only its source knows, where it goes back', () => {
    expect(takenBack(withPlace(60), at(10), { clockBound: 5_000 })?.bookmark).toEqual({ v: 1, at: at(-890) });
    expect(takenBack(withPlace(0), at(10), { clockBound: 5_000 })).toBeUndefined();
  });

  it('never goes back before `since`, which skips history', () => {
    expect(takenBack(bookmark(90), at(10), { clockBound: 5_000, since: at(5) })?.bookmark).toEqual(bookmark(5));
    expect(takenBack(bookmark(12), at(10), { clockBound: 5_000, since: at(12) })).toBeUndefined();
  });

  it('goes no further than is believed, nor before where it began', () => {
    expect(notBeyond(bookmark(10), undefined, null)).toEqual(bookmark(10));
    expect(notBeyond(bookmark(10), at(10), null)).toEqual(bookmark(10));
    expect(notBeyond(bookmark(11), at(10), null)).toEqual(bookmark(10));
    expect(notBeyond(bookmark(20), at(10), bookmark(15))).toEqual(bookmark(15));
    expect(notBeyond(withPlace(0), undefined, null)).toEqual(withPlace(0));
    expect(notBeyond(withPlace(0), at(10), null)).toEqual(bookmark(0));
    expect(notBeyond(withPlace(20), at(10), null)).toEqual(bookmark(10));
  });
});
