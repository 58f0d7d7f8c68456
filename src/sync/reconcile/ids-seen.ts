import { createHash } from 'node:crypto';

/** Ids that are kept, as numbers: some 20 MB. */
const MAX_IDS = 500_000;
/** Bytes of a hash: two of half a million ids are the same once in some 2,000 runs. */
const BYTES = 6;

/** Ids that were seen: of more than are kept it is not known any more. */
export class IdsSeen {
  private readonly hashes = new Set<number>();

  constructor(private readonly most = MAX_IDS) {}

  /** How many are kept. */
  get size(): number {
    return this.hashes.size;
  }

  add(id: string): void {
    if (this.hashes.size < this.most) this.hashes.add(hashOf(id));
  }

  /** True: it was surely seen, but for what a hash cannot tell. */
  has(id: string): boolean {
    return this.hashes.has(hashOf(id));
  }
}

function hashOf(id: string): number {
  return createHash('sha256').update(id).digest().readUIntBE(0, BYTES);
}
