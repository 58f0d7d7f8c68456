import type { Context, Destination, Found, PlannedOutcome, PlanOptions, Ref, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import type { PlannedWrites } from './planned-writes.js';

/**
 * Looks as its destination does, and works out what it would write, but sends nothing. What it
 * planned it finds afterwards, so that children can be looked at behind their parents.
 */
export class DryDestination implements Destination {
  readonly lookUp?: NonNullable<Destination['lookUp']>;

  /** `options`: asked for each call. */
  constructor(
    private readonly inner: Destination,
    private readonly planned: PlannedWrites,
    private readonly options: () => PlanOptions = () => ({}),
  ) {
    if (inner.lookUp) this.lookUp = (questions, c) => inner.lookUp?.(questions, c) ?? Promise.resolve([]);
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

  async find(refs: Ref[], c: Context): Promise<Found[][]> {
    const found = await this.inner.find(refs, c);
    return refs.map((ref, index) => this.planned.after(ref, found[index] ?? []));
  }

  async write(requests: WriteRequest[], c: Context): Promise<WriteOutcome[]> {
    const outcomes: PlannedOutcome[] = this.inner.plan ? await this.inner.plan(requests, c, this.options()) : requests.map(unplanned);
    requests.forEach((request, index) => {
      const outcome = outcomes[index];
      if (outcome && outcome.kind !== 'refused') this.planned.note(request, outcome);
    });
    return outcomes;
  }
}

/**
 * A destination that cannot say what a write would come to: what has its shape would change
 * something.
 */
function unplanned({ action }: WriteRequest): WriteOutcome {
  return { kind: action === 'remove' ? 'removed' : 'updated', ids: {} };
}
