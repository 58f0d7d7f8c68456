import type { RecordRef } from './record-key.js';

/** A child that is held on a row, in the version in which it was. */
export interface WaitingChild extends RecordRef {
  version: string;
}

/** Children that a row lists by id; past these it says `all`. */
export const MAX_WAITING = 2_000;
