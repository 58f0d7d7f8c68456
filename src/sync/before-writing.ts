import type { Arriving, Context, Destination, LookedAhead, Origin, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import { WrappedDestination } from './wrapped-destination.js';

/** A destination that awaits something before it sends the first of what it is given to write. */
export class BeforeWriting extends WrappedDestination {
  readonly lookAhead?: (origins: Origin[], c: Context) => LookedAhead;

  constructor(
    inner: Destination,
    private readonly before: () => Promise<void>,
  ) {
    super(inner);
    if (inner.lookAhead) this.lookAhead = inner.lookAhead.bind(inner);
  }

  override async write(requests: WriteRequest[], c: Context, arriving?: Arriving, ahead?: LookedAhead): Promise<WriteOutcome[]> {
    await this.before();
    return this.inner.write(requests, c, arriving, ahead);
  }
}
