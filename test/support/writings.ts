/** A time in which something of a process may write. */
interface Writing {
  what: string;
  from: number;
  /** Milliseconds since the epoch; Infinity while it goes on. */
  to: number;
}

/** What was given out before a child was terminated is that child's own, however late it begins. */
function mayOverlap(other: Writing, from: number, scheduled: number): boolean {
  return other.what.startsWith('terminated') ? scheduled > other.from && scheduled < other.to : other.to > from;
}

/**
 * Notes when the writing activities of processes begin and end, and says where two of one process
 * overlap.
 */
export class Writings {
  readonly overlaps: string[] = [];
  private readonly all = new Map<string, Writing[]>();

  /**
   * `scheduled`: when the server gave it out. @returns what ends it; with a time where it may write
   * until then.
   */
  begin(process: string, what: string, scheduled: number): (until?: number) => void {
    const known = this.all.get(process) ?? [];
    this.all.set(process, known);
    const from = Date.now();
    for (const other of known)
      if (mayOverlap(other, from, scheduled))
        this.overlaps.push(
          `${process}: ${what} began ${from - other.from} ms after ${other.what}, which may write until ${other.to - from} ms later`,
        );
    const writing: Writing = { what, from, to: Infinity };
    known.push(writing);
    return (until = Date.now()) => void (writing.to = until);
  }

  /** A child was terminated: what it sent last may arrive until then. */
  terminated(process: string, child: string, from: number, to: number): void {
    this.all.set(process, [...(this.all.get(process) ?? []), { what: `terminated ${child}`, from, to }]);
  }

  count(what: string): number {
    return [...this.all.values()].flat().filter((each) => each.what.startsWith(what)).length;
  }
}
