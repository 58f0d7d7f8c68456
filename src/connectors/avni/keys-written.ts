/** More than any process writes between two starts of its worker that are looked for again. */
const MOST = 200_000;

/**
 * Under which key each record was written since the worker started, and which record each in Avni
 * was written for. An Avni record carries no word of where it came from but its External ID: where
 * that is a business key, only the mapped record tells it. Records are named by their marks.
 */
export class KeysWritten {
  private readonly keys = new Map<string, string>();
  private readonly brought = new Map<string, string>();
  private readonly holders = new Map<string, string>();

  /** The key that it was last written under. */
  keyOf(mark: string): string | undefined {
    return this.keys.get(mark);
  }

  /** It brings this key now, whether it may have it or not. */
  bring(mark: string, key: string): void {
    set(this.brought, mark, key);
  }

  /** It stands in Avni at this place, under this key. */
  note(mark: string, key: string, place: string): void {
    set(this.keys, mark, key);
    set(this.holders, place, mark);
  }

  /** It does not stand there any more. */
  release(mark: string, place: string): void {
    if (this.holders.get(place) === mark) this.holders.delete(place);
  }

  /** Which record was last written at this place. */
  holderOf(place: string): string | undefined {
    return this.holders.get(place);
  }

  /** Whether it is known to bring another key by now than any of these. */
  hasMoved(mark: string, keys: readonly (string | undefined)[]): boolean {
    const key = this.brought.get(mark);
    return key !== undefined && !keys.includes(key);
  }
}

/** What is oldest goes first. */
function set(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  const [oldest] = map.size >= MOST ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
