import type { RecordError } from '../errors/record-error.js';
import type { RecordRef } from '../model/record-key.js';

/** Why a record is not in the destination after all was tried. */
export type Absence =
  | { kind: 'filtered' }
  /** It, or a record it depends on, has a row: its child waits there. */
  | { kind: 'held'; on: RecordRef }
  /** It may come yet, and nothing tells its child when: that waits by a row of its own. */
  | { kind: 'awaited'; error: RecordError }
  /** The child's own error, such as a parent that is there twice. */
  | { kind: 'failed'; error: RecordError };
