/** Milliseconds of a turn of the event loop in which records are mapped in this thread. */
const MAX_TURN = 50;

/**
 * Tells when a turn of the event loop has taken so long that nothing more is to be mapped in it.
 */
export class TurnTime {
  private began: number | undefined;

  get isUp(): boolean {
    const now = performance.now();
    if (this.began === undefined) {
      this.began = now;
      setImmediate(() => (this.began = undefined));
    }
    return now - this.began > MAX_TURN;
  }
}
