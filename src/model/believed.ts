import type { Bookmark } from './bookmark.js';
import type { Instant } from './instant.js';

/**
 * Milliseconds before its last look to which a bookmark goes back that lay ahead: longer than what
 * was read last takes to be written.
 */
const LONGER_THAN_A_PAGE = 15 * 60_000;

/** Where a bookmark goes back to. */
interface TakenBack<B> {
  bookmark: B;
  /** Absent where it lay ahead by no more than the clocks of one system may differ. */
  told?: { from: Instant; to: Instant };
}

/**
 * Takes back a bookmark that lies ahead of what can be believed: what was stamped since may never
 * have been read. By more than `clockBound` it goes back well before it was last moved
 * (`lastDone`), never before `since`. Undefined where it lies where it may.
 */
export function takenBack<B extends Bookmark>(
  bookmark: B,
  horizon: Instant,
  { clockBound, since = '', lastDone = horizon }: { clockBound: number; since?: Instant; lastDone?: Instant },
): TakenBack<B> | undefined {
  const { at: from, place: _place, ...rest } = bookmark;
  if (from <= horizon || from <= since) return undefined;
  const goBack = (to: Instant): B => ({ ...rest, at: to > since ? to : since }) as B;
  if (Date.parse(from) - Date.parse(horizon) <= clockBound) return { bookmark: goBack(horizon) };
  const earlier = lastDone < horizon ? lastDone : horizon;
  const back = goBack(new Date(Date.parse(earlier) - LONGER_THAN_A_PAGE).toISOString());
  return { bookmark: back, told: { from, to: back.at } };
}

/**
 * A bookmark that lies no further than what is believed, nor before where it began: without its
 * place, which only the source can read. Absent `believed`: all of it is.
 */
export function notBeyond<B extends Bookmark>(bookmark: B, believed: Instant | undefined, begun: Bookmark | null): B {
  if (believed === undefined) return bookmark;
  const { place: _place, ...rest } = bookmark;
  if (rest.at <= believed) return rest as B;
  return { ...rest, at: begun && begun.at > believed ? begun.at : believed } as B;
}
