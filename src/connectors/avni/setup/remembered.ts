import type { Context } from '../../connector.js';
import { SharedCall } from '../../shared-call.js';

/** Milliseconds for which an answer is believed: what an organisation has set up seldom changes. */
const BELIEVED = 300_000;
/** More names than any organisation has concepts. */
const MOST = 20_000;

/**
 * Answers by name, asked for once however many want them, and kept for a while where they are good
 * ones.
 */
export class Remembered<T> {
  private readonly known = new Map<string, { value: T; at: number }>();
  private readonly asking = new Map<string, SharedCall<T>>();

  constructor(
    private readonly ask: (name: string, c: Context) => Promise<T>,
    /** Whether an answer is kept; one that is not is asked for again. */
    private readonly isGood: (value: T) => boolean,
  ) {}

  /** @throws what asking throws */
  async get(name: string, c: Context): Promise<T> {
    const known = this.known.get(name);
    if (known && Date.now() - known.at < BELIEVED) return known.value;
    let call = this.asking.get(name);
    if (!call || call.abandoned) {
      call = new SharedCall((signal) => this.ask(name, { ...c, signal }));
      this.asking.set(name, call);
    }
    try {
      const value = await call.wait(c.signal);
      if (this.isGood(value)) this.keep(name, value);
      return value;
    } finally {
      if (this.asking.get(name) === call) this.asking.delete(name);
    }
  }

  forget(name: string): void {
    this.known.delete(name);
  }

  private keep(name: string, value: T): void {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(name, { value, at: Date.now() });
  }
}
