import type { Arriving, Context, Destination, Found, LookedAhead, Ref, WriteOutcome, WriteRequest } from '../connectors/connector.js';

/** A destination that shapes, refers and looks as the one it is made of, and writes in its own way. */
export abstract class WrappedDestination implements Destination {
  constructor(protected readonly inner: Destination) {}

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

  abstract write(requests: WriteRequest[], c: Context, arriving?: Arriving, ahead?: LookedAhead): Promise<WriteOutcome[]>;
}
