import type { CodeTable } from '../../definition/definition.js';
import type { Mapping, MappingDefinition } from '../mapping.js';
import { Lane } from './lane.js';
import { specOf, ThreadedMapping } from './threaded-mapping.js';
import { TurnTime } from './turn-time.js';

export interface MappingThreadsOptions {
  /** The compiled file that threads run; found beside this one where it is not given. */
  entry?: URL;
  /** Milliseconds one record may take, 5,000 unless told otherwise. */
  deadline?: number;
  /** Megabytes of memory a thread may have, 160 unless told otherwise. */
  memory?: number;
}

/** Milliseconds one record may take on each lane but the last, which has the deadline. */
const PATIENCE = [250, 1_500];
/**
 * Of each lane: while one is held up, or starts anew, the other goes on. They are started when they
 * are needed.
 */
const THREADS = 2;

/**
 * The threads that run the mappings of a worker, but for small records of quick expressions, which
 * take a moment where they are. Whatever a record and its expressions do, it costs that record's
 * own time: threads have a deadline and a memory limit, and are ended where they meet one.
 */
export class MappingThreads {
  /**
   * What holds up a lane goes to the next: records wait only for those that take about as long as
   * they do.
   */
  private readonly lanes: readonly Lane[];
  private readonly turn = new TurnTime();
  /** By digest: what is equal, in whatever definition, is compiled once. */
  private readonly made = new Map<string, WeakRef<ThreadedMapping>>();

  constructor({ entry = new URL('./map-thread.js', import.meta.url), deadline = 5_000, memory = 160 }: MappingThreadsOptions = {}) {
    this.lanes = [...PATIENCE, deadline].map((patience) => new Lane({ entry, threads: THREADS, patience, memory }));
  }

  /**
   * The expressions of one entity type, run on these threads. @throws Error of JSONata for one that
   * does not parse.
   */
  readonly mapping = (entityType: MappingDefinition, codes: Record<string, CodeTable>): Mapping => {
    const spec = specOf(entityType, codes);
    const known = this.made.get(spec.digest)?.deref();
    if (known) return known;
    const made = new ThreadedMapping(entityType, codes, spec, this.lanes, this.turn);
    this.made.set(spec.digest, new WeakRef(made));
    return made;
  };

  /** Ends the threads. What is under way is Cancelled. */
  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}
