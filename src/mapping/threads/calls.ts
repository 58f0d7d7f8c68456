import type { MapItem } from './messages.js';

/** One thing that somebody waits for. */
export interface Call {
  item: MapItem;
  /** Its record, as JSON. */
  body: string;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Calls that go to a thread together, in order. */
export interface Group {
  calls: Call[];
  /**
   * Of one whose thread died, which is tried once more by itself: place of the lane for that, at
   * least.
   */
  alone?: number;
}

/**
 * The bodies of calls, each once where it comes several times in a row, and their items with their
 * place among these.
 */
export function itemsOf(calls: Call[]): { bodies: string[]; items: MapItem[] } {
  const bodies: string[] = [];
  const items = calls.map(({ item, body }) => {
    if (bodies.at(-1) !== body) bodies.push(body);
    return { ...item, body: bodies.length - 1 };
  });
  return { bodies, items };
}

/**
 * A group whose thread died with one in hand: those before it, that one by itself on a lane, those
 * behind it.
 */
export function apart({ calls }: Group, at: number, lane: number): Group[] {
  const parts: Group[] = [{ calls: calls.slice(0, at) }, { calls: calls.slice(at, at + 1), alone: lane }, { calls: calls.slice(at + 1) }];
  return parts.filter((part) => part.calls.length > 0);
}
