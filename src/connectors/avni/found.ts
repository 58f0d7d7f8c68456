import type { Found } from '../connector.js';
import type { AvniKind } from './settings.js';
import type { StoredRecord } from './stored-record.js';

/** How what Avni has looks to whoever looked for it. */
export function foundOf(kind: AvniKind, { id, stamp, voided, row }: StoredRecord): Found {
  return { type: kind, id, version: stamp, body: row, ...(voided ? { removed: true } : {}) };
}
