import { setTimeout as pause } from 'node:timers/promises';
import { Cancelled } from '../src/errors/system-failure.js';
import type { WorkContext } from './work-context.js';

/** Activities that move records at once: more would only share the same event loop and memory. */
const AT_ONCE = 20;
/** Milliseconds without an answer after which an activity waits, and does not work. */
const WAITS = 1_000;
/** Milliseconds after which it is looked again whether a slot is free. */
const LOOK_AGAIN = 100;

/**
 * Slots for work: an activity that waits for a system's answer holds none, so that systems that
 * hang keep nobody else from working.
 */
export class Slots {
  private readonly holders = new Set<WorkContext['http']>();

  constructor(private readonly atOnce = AT_ONCE) {}

  /** Runs the work once a slot is free. @throws Cancelled where the signal aborts before */
  async run<T>({ http, signal }: Pick<WorkContext, 'http' | 'signal'>, work: () => Promise<T>): Promise<T> {
    while (this.working >= this.atOnce) {
      await pause(LOOK_AGAIN, undefined, { signal }).catch(() => {
        throw new Cancelled('Cancelled while no slot was free');
      });
    }
    this.holders.add(http);
    try {
      return await work();
    } finally {
      this.holders.delete(http);
    }
  }

  private get working(): number {
    return [...this.holders].filter(({ longest }) => (longest?.ms ?? 0) < WAITS).length;
  }
}
