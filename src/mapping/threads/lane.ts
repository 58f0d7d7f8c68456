import pLimit from 'p-limit';
import { Tinypool } from 'tinypool';
import type { MapAnswer, MapTask } from './messages.js';

export interface LaneOptions {
  /** The compiled file that its threads run. */
  entry: URL;
  /**
   * The most threads it has at once; they are started when they are needed, and ended once idle.
   */
  threads: number;
  /** Milliseconds one item may take before its thread is ended. */
  patience: number;
  /** Megabytes of memory a thread may have. */
  memory: number;
}

/**
 * How a thread died. `at`: the place of the item that it had in hand; undefined before the first.
 */
export interface Died {
  died: 'too long' | 'too large' | 'otherwise';
  at: number | undefined;
  cause: unknown;
}

/** How a task ended. */
export type Ran = { answer: MapAnswer } | { cancelled: true } | Died;

/**
 * Milliseconds between looks at what a thread has in hand. Looks are counted, not time: a worker
 * that was held up itself blames no record.
 */
const LOOK_EVERY = 50;
/** Milliseconds that a thread may take to start and to compile, on a machine that is busy. */
const STARTING = 30_000;
/** Milliseconds without work after which a thread ends. */
const IDLE = 30_000;

/** Threads that run mappings, each one task at a time, and each of which can be ended. */
export class Lane {
  private readonly pool: Tinypool;
  private readonly limit: ReturnType<typeof pLimit>;
  private isClosed = false;

  constructor(private readonly options: LaneOptions) {
    const { entry, threads, memory } = options;
    this.pool = new Tinypool({
      filename: entry.href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE,
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    // A thread that ends without a task concerns nobody: the next task starts another.
    this.pool.on('error', () => undefined);
    // What waits for a thread waits here, so that only what runs is watched.
    this.limit = pLimit(threads);
  }

  /**
   * Runs a task once a thread is free. An abort of the signal ends its thread at once; so does
   * `close`.
   */
  async run(task: MapTask, signal: AbortSignal): Promise<Ran> {
    return this.limit(async () => (signal.aborted || this.isClosed ? { cancelled: true } : this.runNow(task, signal)));
  }

  /** Ends the threads. What is under way is cancelled. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.pool.destroy();
  }

  private async runNow(task: MapTask, signal: AbortSignal): Promise<Ran> {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    const watch = setInterval(lookingAt(task, this.options.patience, end), LOOK_EVERY);
    signal.addEventListener('abort', end, { once: true });
    try {
      return { answer: (await this.pool.run(task, { signal: ending.signal })) as MapAnswer };
    } catch (cause) {
      if (signal.aborted || this.isClosed) return { cancelled: true };
      const at = Atomics.load(task.inHand, 0) - 1;
      const died = ending.signal.aborted ? 'too long' : isOutOfMemory(cause) ? 'too large' : 'otherwise';
      return { died, at: at < 0 ? undefined : at, cause };
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', end);
    }
  }
}

/** Looks whether a task gets on; calls `end` where one item takes too long. */
function lookingAt({ inHand }: MapTask, patience: number, end: () => void): () => void {
  let [last, looks] = [0, 0];
  return () => {
    const now = Atomics.load(inHand, 0);
    looks = now === last ? looks + 1 : 0;
    last = now;
    if (looks * LOOK_EVERY >= (now === 0 ? STARTING : patience)) end();
  };
}

function isOutOfMemory(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
