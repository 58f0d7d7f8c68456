import type {
  Arriving,
  Context,
  Destination,
  Found,
  LookedAhead,
  Origin,
  Ref,
  WriteOutcome,
  WriteRequest,
} from '../connectors/connector.js';

/** A destination that awaits something before it sends the first of what it is given to write. */
export class BeforeWriting implements Destination {
  readonly lookAhead?: (origins: Origin[], c: Context) => LookedAhead;

  constructor(
    private readonly inner: Destination,
    private readonly before: () => Promise<void>,
  ) {
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

  find(refs: Ref[], c: Context): Promise<Found[][]> {
    return this.inner.find(refs, c);
  }

  async write(requests: WriteRequest[], c: Context, arriving?: Arriving, ahead?: LookedAhead): Promise<WriteOutcome[]> {
    await this.before();
    return this.inner.write(requests, c, arriving, ahead);
  }
}
