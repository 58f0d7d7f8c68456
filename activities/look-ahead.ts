import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { ChangeSource, Context, Horizon, Instant } from '../src/connectors/connector.js';
import type { EntityTypeDefinition } from '../src/definition/definition.js';
import { stopOf } from '../src/errors/stop-of.js';
import { SystemFailure } from '../src/errors/system-failure.js';
import { getOwn } from '../src/model/keyed.js';
import type { ClockDoubt } from '../src/model/clock-doubts.js';
import { takenBack } from '../src/model/believed.js';
import type { Stop } from '../src/model/stop.js';
import type { PlannedType } from '../workflows/contracts.js';
import { downBy } from '../workflows/down.js';
import { withOverlap } from '../workflows/overlap.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import { provenBy, timeOf } from './proven.js';

/** What was found of one entity type: its horizon and whether it has changes, or why not. */
type Found =
  | (Pick<PlannedType, 'horizon' | 'hasChanges' | 'believed' | 'takenBack'> & { bookmark?: SavedBookmark })
  | { stopped: Stop; passedOver?: true };

/** What a type's place is judged by: milliseconds, and when it last got to a horizon. */
interface Limits {
  overlap?: number;
  margin?: number;
  clockBound?: number;
  lastDone?: Instant;
}

/**
 * Asks the sources of one plan: one horizon for each, and whether each type has changes. One that
 * turns out to be down is asked nothing more.
 */
export class LookAhead {
  /** Why the clocks of the systems that were asked are not believed; null for one that is. */
  readonly clocks = new Map<string, ClockDoubt | null>();
  private readonly horizons = new Map<string, Promise<Horizon | Stop>>();
  private readonly stops: Stop[] = [];
  private readonly answered = new Set<string>();

  /** `isLate`: no time is left to ask more. */
  constructor(
    private readonly active: Pick<ActiveProcess, 'connectors' | 'parts'>,
    private readonly context: Context,
    private readonly isLate: () => boolean,
  ) {}

  /** The horizon, and whether there is anything between the bookmark, less the overlap, and it. */
  async ask(entityType: EntityTypeDefinition, saved: SavedBookmark | null, limits: Limits = {}): Promise<Found> {
    const { system } = entityType.from;
    const down = downBy(system, this.stops, this.answered.has(system));
    if (down) return { stopped: down, passedOver: true };
    if (this.isLate()) return { stopped: noTimeLeft(entityType.name, system) };
    try {
      const horizon = await this.horizonOf(system);
      if ('code' in horizon) return { stopped: horizon };
      const found = await this.look(entityType, saved, horizon, limits);
      this.answered.add(system);
      return found;
    } catch (error) {
      if (!(error instanceof SystemFailure)) throw error;
      const stopped = stopOf(error, system);
      this.stops.push(stopped);
      return { stopped };
    }
  }

  private async look(
    { name, since }: EntityTypeDefinition,
    saved: SavedBookmark | null,
    { until, unsure }: Horizon,
    { overlap = 0, margin = 0, clockBound = 0, lastDone }: Limits,
  ): Promise<Found> {
    const back =
      saved &&
      takenBack(saved, until, { clockBound, ...(since !== undefined ? { since } : {}), ...(lastDone !== undefined ? { lastDone } : {}) });
    const bookmark = back?.bookmark ?? saved;
    const after = bookmark && withOverlap(bookmark, overlap);
    const source = getOwn(this.active.parts, name)?.source;
    const isToLook = after !== null && source?.looksForGone?.(after, until) === true;
    const hasChanges = isToLook || ((await source?.hasChanges(after, until, this.context)) ?? false);
    const found = {
      horizon: until,
      hasChanges,
      ...(back ? { bookmark: back.bookmark, ...(back.told ? { takenBack: back.told } : {}) } : {}),
    };
    if (unsure?.how !== 'silent') return found;
    // Nothing tells the source's clock but its stamps: a bookmark goes no further than they do.
    const begun = timeOf(bookmark?.at);
    const proven = hasChanges && source ? await this.provenOf(source, timeOf(after?.at), unsure) : begun;
    return { ...found, believed: new Date(Math.max(begun, proven - margin, 0)).toISOString() };
  }

  private provenOf(source: ChangeSource, after: number, { ours }: ClockDoubt): Promise<number> {
    return provenBy(after, timeOf(ours), (from) => source.hasChanges({ v: 1, at: new Date(from).toISOString() }, ours, this.context));
  }

  private horizonOf(system: string): Promise<Horizon | Stop> {
    const known = this.horizons.get(system);
    if (known) return known;
    const connector = getOwn(this.active.connectors, system);
    if (!connector) throw new Error(`System ${system} is not connected`);
    const asked = connector
      .horizon(this.context)
      .then((horizon) => this.believed(system, horizon))
      .catch((error: unknown) => {
        if (error instanceof SystemFailure) return stopOf(error, system);
        throw error;
      });
    this.horizons.set(system, asked);
    return asked;
  }

  /**
   * A clock that is ahead of the worker's is right where records of its system are stamped by it:
   * then it is the worker's that is behind.
   */
  private async believed(system: string, horizon: Horizon): Promise<Horizon> {
    const { proof } = horizon.unsure ?? {};
    const isProven = proof !== undefined && (await this.hasAny(system, proof));
    this.clocks.set(system, isProven ? null : (horizon.unsure ?? null));
    return isProven ? { until: proof.horizon } : horizon;
  }

  /**
   * Whether any type of the system has a record in the window. A type that cannot be asked proves
   * nothing, and stops by itself alone when its turn comes.
   */
  private async hasAny(system: string, { after, until }: NonNullable<ClockDoubt['proof']>): Promise<boolean> {
    const failures: Stop[] = [];
    let answered = false;
    for (const { definition, source } of Object.values(this.active.parts)) {
      if (definition.from.system !== system) continue;
      if (this.isLate() || downBy(system, failures, answered)) return false;
      try {
        if (await source.hasChanges({ v: 1, at: after }, until, this.context)) return true;
        answered = true;
      } catch (error) {
        if (!(error instanceof SystemFailure)) throw error;
        failures.push(stopOf(error, system));
      }
    }
    return false;
  }
}

function noTimeLeft(entityType: string, system: string): Stop {
  return {
    code: 'PlanTimedOut',
    message: `No time was left to ask ${system} what has changed of ${entityType}: others took it all.`,
    remedy: 'See why the system answers so slowly; it is tried again by itself.',
    needs: 'system',
    system,
  };
}
