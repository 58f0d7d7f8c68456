import type { Context, Destination, Found, PlannedOutcome, Ref, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import { getOwn } from '../model/keyed.js';

/** A write that was worked out and not sent. */
export interface PlannedWrite {
  entityType: string;
  id: string;
  /** What it would come to. */
  outcome: PlannedOutcome;
  /** Types of the resources that would be written, and their ids where they are known. */
  resources: { name: string; type: string; id?: string }[];
}

/** What one dry run would have written so far, whichever destination it belongs to. */
export class PlannedWrites {
  readonly all: PlannedWrite[] = [];

  /** What would be found of this record by now; undefined where nothing was planned for it. */
  of(ref: Ref): Found[] | undefined {
    if (!('origin' in ref)) return undefined;
    const { entityType, id } = ref.origin;
    const planned = this.all.filter((each) => each.entityType === entityType && each.id === id).at(-1);
    if (planned?.outcome.kind === 'removed') return [];
    const resource = planned?.resources.find(({ name }) => name === (ref.name ?? 'main'));
    return resource && [{ type: resource.type, id: resource.id ?? 'planned' }];
  }
}

/**
 * Looks as its destination does, and works out what it would write, but sends nothing. What it
 * planned it finds afterwards, so that children can be looked at behind their parents.
 */
export class DryDestination implements Destination {
  readonly lookUp?: NonNullable<Destination['lookUp']>;

  constructor(
    private readonly inner: Destination,
    private readonly planned: PlannedWrites,
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
    return refs.map((ref, index) => this.planned.of(ref) ?? found[index] ?? []);
  }

  async write(requests: WriteRequest[], c: Context): Promise<WriteOutcome[]> {
    const outcomes: PlannedOutcome[] = this.inner.plan ? await this.inner.plan(requests, c) : requests.map(unplanned);
    requests.forEach(({ origin: { entityType, id }, resources }, index) => {
      const outcome = outcomes[index];
      if (outcome && outcome.kind !== 'refused')
        this.planned.all.push({ entityType, id, outcome, resources: resources.map(named(outcome)) });
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

function named(outcome: WriteOutcome) {
  return ({ name, type }: { name: string; type: string }): PlannedWrite['resources'][number] => {
    const id = 'ids' in outcome ? getOwn(outcome.ids, name) : undefined;
    return { name, type, ...(id !== undefined ? { id } : {}) };
  };
}
