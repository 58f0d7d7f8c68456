import type { RecordError } from '../../errors/record-error.js';
import { getOwn } from '../../model/keyed.js';
import type { Edit, WriteRequest, WriteResource } from '../connector.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import type { KeysWritten } from './keys-written.js';
import { markIn, sameKey } from './origin-mark.js';
import { collision } from './record-errors.js';
import type { StoredRecord } from './stored-record.js';

/** Made under its External ID by the user that Sangam writes as. */
export function isOurs({ externalId, madeBy }: StoredRecord, wanted: string, userName: string | undefined): boolean {
  return externalId === wanted && madeBy !== undefined && madeBy === userName;
}

/**
 * Avni keeps who changed a record last, and not what: of what is shared, or was taken over, others
 * may change their part.
 */
export function editOf(
  stored: StoredRecord | undefined,
  externalId: string,
  target: Target,
  userName: string | undefined,
): Edit | undefined {
  if (!stored || target.owns || !isOurs(stored, externalId, userName) || stored.by === undefined || stored.by === userName)
    return undefined;
  return { by: stored.by, at: stored.stamp };
}

/** Why what stands under an External ID may not be written. */
export function strangeness(
  stored: StoredRecord,
  { adopt, origin }: WriteRequest,
  resource: WriteResource | undefined,
  externalId: string,
  { kind, type, owns }: Target,
  userName: string | undefined,
): RecordError | undefined {
  if (getOwn(stored.row, endpoints[kind].field) !== type) return collision(`a record of another type than “${type}”`);
  if (!resource?.key) return stored.externalId === externalId ? undefined : collision('another record, whose id it is');
  if (owns || adopt || isOurs(stored, externalId, userName)) return undefined;
  return {
    code: 'NotAdopted',
    message: `Avni has a record under the key of this ${origin.entityType} that Sangam did not make.`,
    remedy: 'Set adopt: true for this entity type to take such records over, or correct the key.',
  };
}

/** Where a record stands, of which several types may each own a part. */
export function placeOf(id: string, entityType: string, { owns }: Pick<Target, 'owns'>): string {
  return owns ? `${id}\0${entityType}` : id;
}

/**
 * The mark of another record that what stands in Avni was written for, as the record itself says or
 * this worker remembers; not of one that is voided, or that brings another key by now.
 *
 * @param marks those of the record that is to be written
 */
export function otherHolder(
  stored: StoredRecord | undefined,
  entityType: string,
  marks: readonly string[],
  target: Target,
  keys: KeysWritten,
): string | undefined {
  if (!stored || stored.voided) return undefined;
  const holder = markIn(stored.body, target.origin) ?? keys.holderOf(placeOf(stored.id, entityType, target));
  if (holder === undefined || marks.includes(holder)) return undefined;
  return keys.hasMoved(holder, [stored.externalId, stored.id]) ? undefined : holder;
}

/** Two records cannot both have a business key: the one that came first has it. */
export function heldByOther(holder: string | undefined, [mark = '']: readonly string[]): RecordError | undefined {
  return holder === undefined ? undefined : sameKey(mark, holder);
}
