import type { RecordError } from '../errors/record-error.js';

/**
 * What an activity has in hand, as its heartbeat tells: plain data, read by whoever goes on after a
 * lost worker.
 */
export interface InHandState {
  /** What is worked on, e.g. the place of a page. */
  place: string;
  /** Workers that were lost with it in hand. */
  deaths: number;
  /** The record that is tried by itself. */
  id?: string;
  /** Records that were in hand, by themselves at last, at each of these deaths. */
  killers?: string[];
}

/** Deaths of workers with the same in hand, after which its records are tried one by one. */
const MAX_DEATHS = 2;

/**
 * Finds the record that kills its worker. What was in hand at two deaths is tried record by record,
 * each named in the heartbeat before it is; the one that is named at the next death is an error of
 * its own from then on.
 */
export class InHand {
  state: InHandState | undefined;
  private readonly killers: ReadonlySet<string>;

  /**
   * @param before what the lost worker had in hand; undefined where none was lost, or it was before
   * its heartbeat could tell
   * @param told resolves once a heartbeat that tells what is in hand has surely been sent
   * @param wasLost whether a worker was lost with this activity: then nothing is begun before the
   * heartbeat tells of it
   */
  constructor(
    private readonly before: InHandState | undefined,
    private readonly told: () => Promise<void>,
    private wasLost: boolean,
  ) {
    const { id, killers = [] } = before ?? {};
    this.killers = new Set(id === undefined ? killers : [...killers, id]);
  }

  /** Whether a worker was lost with something in hand: it is to be met in the same form again. */
  get resumes(): boolean {
    return this.before !== undefined;
  }

  /** This is worked on from now on. @returns whether its records are to be tried one by one. */
  async begin(place: string): Promise<boolean> {
    const deaths = this.before?.place === place ? this.before.deaths + 1 : 0;
    this.state = { place, deaths, ...(this.killers.size > 0 ? { killers: [...this.killers] } : {}) };
    if (this.wasLost) await this.told();
    this.wasLost = false;
    return deaths >= MAX_DEATHS;
  }

  /** Whether a record is known to kill its worker. */
  kills(id: string): boolean {
    return this.killers.has(id);
  }

  /** A record is about to be tried by itself. */
  async take(id: string): Promise<void> {
    if (!this.state) return;
    this.state = { ...this.state, id };
    await this.told();
  }
}

/** The error of a record that kills its worker. */
export const killsWorker: RecordError = {
  code: 'RecordKillsWorker',
  message: 'Workers were lost with this record in hand, at least three times, at last with nothing else.',
  remedy:
    'See the worker’s log and memory at that time; correct the record or the expressions that deal with it, then signal retry to its row.',
};
