import type { SavedBookmark } from '../../model/bookmark.js';
import type { Instant } from '../../model/instant.js';
import type { Stop } from '../../model/stop.js';
import type { PlannedFailure } from '../plan-types.js';
import type { PlanNotes } from '../plan-notes.js';
import type { Repairable } from './standing.js';
import type { Counts } from './tally.js';

/** What is asked of a reconciliation. */
export interface ReconcileRequest {
  /** These types, or all of them. */
  entityTypes?: string[];
  /** Where the process got to, by entity type. */
  bookmarks: Record<string, SavedBookmark>;
}

/** How the records of a process stand in their destinations. Plain JSON. */
export interface Reconciliation {
  types: TypeReconciliation[];
}

/** How the records of one type stand. */
export interface TypeReconciliation extends Pick<PlanNotes, 'elements' | 'samples'> {
  entityType: string;
  /** Records that changed up to here were looked at; absent where the source could not be asked. */
  until?: Instant;
  read: number;
  counts: Counts;
  /** By the month in which a record was made, or else was changed last. */
  byMonth: Record<string, Counts>;
  /** By place, where the source tells one. */
  byPlace: Record<string, Counts>;
  /** Which records can be repaired, as many as are told of. */
  found: FoundRecord[];
  /** There are more of them. */
  more?: true;
  failures: PlannedFailure[];
  /** What its destination alone has could not be told: it lists nothing by where it came from. */
  unlisted?: true;
  stopped?: Stop;
}

/** A record that does not stand as it should. */
export interface FoundRecord {
  id: string;
  standing: Repairable;
}
