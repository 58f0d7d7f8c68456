import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Bookmark, Context, Instant } from '../src/connectors/connector.js';
import type { EntityTypeDefinition } from '../src/definition/definition.js';
import { stopOf } from '../src/errors/stop-of.js';
import { SystemFailure } from '../src/errors/system-failure.js';
import type { Stop } from '../src/sync/results.js';
import type { PlannedType } from '../workflows/contracts.js';
import { downBy } from '../workflows/down.js';
import { getOwn } from '../src/model/keyed.js';

/** What was found of one entity type: its horizon and whether it has changes, or why not. */
type Found = Pick<PlannedType, 'horizon' | 'hasChanges'> | { stopped: Stop; passedOver?: true };

/** Asks the sources of one plan: one horizon for each, and whether each type has changes. One that turns out to be down is asked nothing more. */
export class LookAhead {
  private readonly horizons = new Map<string, Promise<Instant | Stop>>();
  private readonly stops: Stop[] = [];
  private readonly answered = new Set<string>();

  /** `isLate`: no time is left to ask more. */
  constructor(
    private readonly active: Pick<ActiveProcess, 'connectors' | 'parts'>,
    private readonly context: Context,
    private readonly isLate: () => boolean,
  ) {}

  /** The horizon, and whether there is anything between `after` and it. */
  async ask(entityType: EntityTypeDefinition, after: Bookmark | null): Promise<Found> {
    const { system } = entityType.from;
    const down = downBy(system, this.stops, this.answered.has(system));
    if (down) return { stopped: down, passedOver: true };
    if (this.isLate()) return { stopped: noTimeLeft(entityType.name, system) };
    try {
      const horizon = await this.horizonOf(system);
      if (typeof horizon !== 'string') return { stopped: horizon };
      const hasChanges = (await getOwn(this.active.parts, entityType.name)?.source.hasChanges(after, horizon, this.context)) ?? false;
      this.answered.add(system);
      return { horizon, hasChanges };
    } catch (error) {
      if (!(error instanceof SystemFailure)) throw error;
      const stopped = stopOf(error, system);
      this.stops.push(stopped);
      return { stopped };
    }
  }

  private horizonOf(system: string): Promise<Instant | Stop> {
    const known = this.horizons.get(system);
    if (known) return known;
    const connector = getOwn(this.active.connectors, system);
    if (!connector) throw new Error(`System ${system} is not connected`);
    const asked = connector.horizon(this.context).catch((error: unknown) => {
      if (error instanceof SystemFailure) return stopOf(error, system);
      throw error;
    });
    this.horizons.set(system, asked);
    return asked;
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
