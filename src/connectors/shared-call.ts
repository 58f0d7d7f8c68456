import { setMaxListeners } from 'node:events';
import { Cancelled } from '../errors/system-failure.js';

/**
 * One call that many wait for. It goes on while anyone does, whoever asked first and whoever has
 * gone; it is aborted once all who waited were cancelled. Its result stays.
 */
export class SharedCall<T> {
  private readonly end = new AbortController();
  private readonly result: Promise<T>;
  private waiting = 0;

  /** Begins at once; the caller waits for it in the same breath. */
  constructor(call: (signal: AbortSignal) => Promise<T>) {
    this.result = call(this.end.signal);
    // Whoever waits is told; where all have gone, nobody needs to be.
    this.result.catch(() => undefined);
  }

  /** It was aborted: whoever comes now begins another. */
  get abandoned(): boolean {
    return this.end.signal.aborted;
  }

  /**
   * @throws what the call throws; Cancelled once `signal` aborts, while the call goes on for
   * others.
   */
  async wait(signal: AbortSignal): Promise<T> {
    this.waiting += 1;
    // One signal may end many waits at once: Node takes more than ten listeners for a leak.
    setMaxListeners(0, signal);
    let leave = (): void => undefined;
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => reject(new Cancelled('Cancelled while another request was waited for'));
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.result, left]);
    } catch (error) {
      if (signal.aborted && this.waiting === 1) this.end.abort();
      throw error;
    } finally {
      this.waiting -= 1;
      signal.removeEventListener('abort', leave);
    }
  }
}
