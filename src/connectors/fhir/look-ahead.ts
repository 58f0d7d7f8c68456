import type { LookedAhead, Origin, WriteRequest } from '../connector.js';
import type { Looked } from './look.js';

/** A look by tag that began before it was known what is to be written. */
export class LookAhead implements LookedAhead {
  readonly ended: Promise<void>;
  private readonly asked: ReadonlySet<string>;

  constructor(
    origins: Origin[],
    private readonly looked: Promise<Looked>,
  ) {
    this.asked = new Set(origins.map(nameOf));
    this.ended = looked.then(
      () => undefined,
      () => undefined,
    );
  }

  /** What it found, where it looked for all of these. @throws what looking threw. */
  async of(requests: WriteRequest[]): Promise<Looked | undefined> {
    return requests.every(({ origin }) => this.asked.has(nameOf(origin))) ? this.looked : undefined;
  }
}

/** Integration and process are those of the destination. */
function nameOf({ entityType, id }: Origin): string {
  return `${entityType} ${id}`;
}
