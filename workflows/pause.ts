import type { Instant } from '../src/model/instant.js';

/** A pause that is in force. */
export interface Pause {
  since: Instant;
  reason?: string;
  by?: string;
  until?: Instant;
}
