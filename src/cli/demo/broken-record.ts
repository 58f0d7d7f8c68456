/** A record that is wrong on purpose. */
export interface BrokenRecord {
  /** The system that owns it, where it is mended. */
  owner: 'Avni' | 'the EMR';
  /** What is wrong with it, in words. */
  what: string;
  /** Mends it as its owner does: the change is stamped now. */
  mend(): Promise<void>;
}
