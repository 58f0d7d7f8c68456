import type {
  Arriving,
  Context,
  Destination,
  Found,
  LookedAhead,
  PlannedOutcome,
  Ref,
  WriteOutcome,
  WriteRequest,
} from '../connectors/connector.js';
import type { PlannedWrites } from './planned-writes.js';

/**
 * Looks as its destination does, and works out what it would write, but sends nothing. What it
 * planned it finds afterwards, so that children can be looked at behind their parents.
 */
export class DryDestination implements Destination {
  readonly lookUp?: NonNullable<Destination['lookUp']>;
  readonly lookAhead?: NonNullable<Destination['lookAhead']>;

  /** `asks`: how many requests in all it is asked whether it would take; absent: all. */
  constructor(
    private readonly inner: Destination,
    private readonly planned: PlannedWrites,
    private asks = Number.POSITIVE_INFINITY,
  ) {
    if (inner.lookUp) this.lookUp = inner.lookUp.bind(inner);
    if (inner.lookAhead) this.lookAhead = inner.lookAhead.bind(inner);
  }

  shape(name: string, mapped: unknown): ReturnType<Destination['shape']> {
    return this.inner.shape(name, mapped);
  }

  reference(found: Found): unknown {
    return this.inner.reference(found);
  }

  placeholder(name: string): unknown {
    return this.inner.placeholder(name);
  }

  async find(refs: Ref[], c: Context): ReturnType<Destination['find']> {
    const found = await this.inner.find(refs, c);
    return refs.map((ref, index) => this.planned.after(ref, found[index] ?? []));
  }

  async write(requests: WriteRequest[], c: Context, _arriving?: Arriving, ahead?: LookedAhead): Promise<WriteOutcome[]> {
    const fresh = requests.filter((request) => !this.planned.again(request));
    const planned = new Map<WriteRequest, PlannedOutcome>();
    const given = fresh.length === 0 ? [] : await this.planAll(fresh, c, ahead);
    fresh.forEach((request, index) => {
      const outcome = given[index];
      if (outcome) planned.set(request, outcome);
    });
    return requests.flatMap((request) => {
      const outcome = planned.get(request) ?? this.planned.again(request);
      if (outcome && outcome.kind !== 'refused') this.planned.note(request, outcome);
      return outcome ?? [];
    });
  }

  private async planAll(requests: WriteRequest[], c: Context, ahead?: LookedAhead): Promise<PlannedOutcome[]> {
    const { asks } = this;
    this.asks = Math.max(0, asks - requests.length);
    return this.inner.plan ? this.inner.plan(requests, c, { asks, ...(ahead ? { ahead } : {}) }) : requests.map(unplanned);
  }
}

/**
 * A destination that cannot say what a write would come to: what has its shape would change
 * something.
 */
function unplanned({ action }: WriteRequest): WriteOutcome {
  return { kind: action === 'remove' ? 'removed' : 'updated', ids: {} };
}
