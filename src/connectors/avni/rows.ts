import { z } from 'zod';
import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { Instant, SourceRecord, Unreadable } from '../connector.js';
import type { Endpoint } from './endpoints.js';
import { oddRow, type OddRow } from './odd-row.js';

/** The envelope of a list; what is in it is read row by row. */
export const avniPage = z.object({
  content: z.array(z.unknown()),
  totalPages: z.number().int().nonnegative(),
  pageSize: z.number().int().positive(),
});

/** A row of the one shape that all endpoints share. */
export interface AvniRow {
  id: string;
  stamp: Instant;
  created?: Instant;
  voided: boolean;
  body: Record<string, unknown>;
}

/**
 * Characters; an Avni server gives UUIDs. Longer ones would not fit into what is stored about a
 * record.
 */
const MAX_ID = 2_000;
const UNUSABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
/** How a record without an id is known, see `place.ts`: no id may look like it. */
const LIKE_A_PLACE = /^@.*#\d+$/;

/** Members that hold what was observed, by concept. */
const OBSERVATIONS = ['observations', 'exitObservations', 'cancelObservations'];

const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const instant = z.iso.datetime({ offset: true }).max(40);

/** Whether a record may be known by it. */
export function isUsableId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID && !UNUSABLE.test(id) && !LIKE_A_PLACE.test(id);
}

/** Reads one row of a list, or a single record; never throws. */
export function rowOf(given: unknown): AvniRow | OddRow {
  if (!isObject(given)) return { odd: 'its root' };
  const audit = isObject(given['audit']) ? given['audit'] : {};
  const { ID: id, Voided: voided } = given;
  const stamp = instantOf(audit['Last modified at']);
  const known = { ...(isUsableId(id) ? { id } : {}), ...(stamp !== undefined ? { stamp } : {}) };
  if (!isUsableId(id)) return { ...known, odd: 'ID' };
  if (stamp === undefined) return { ...known, odd: 'audit.Last modified at' };
  if (typeof voided !== 'boolean') return { ...known, odd: 'Voided' };
  // A mapping would find nothing in it, as if nothing had been observed. What is voided is not
  // mapped.
  const group = voided ? undefined : OBSERVATIONS.find((name) => !isObject(getOwn(given, name) ?? {}));
  if (group !== undefined) return { ...known, odd: group };
  // Nothing but the order in which children come is told by it: without it, they may always have
  // gone by.
  const created = instantOf(audit['Created at']);
  return { id, stamp, ...(created !== undefined ? { created } : {}), voided, body: given };
}

export function isOdd(row: AvniRow | OddRow): row is OddRow {
  return 'odd' in row;
}

/** What `Date` can hold, as an Avni server writes it. */
function instantOf(value: unknown): Instant | undefined {
  if (typeof value !== 'string') return undefined;
  const canonical = CANONICAL.test(value);
  if (!canonical && !instant.safeParse(value).success) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return undefined;
  return canonical ? value : new Date(time).toISOString();
}

/**
 * A row in the one shape, whichever endpoint it came from: list rows of subjects lack their type
 * where it was asked for.
 */
export function recordOf({ id, stamp, created, voided, body }: AvniRow, endpoint: Endpoint, type: string): SourceRecord {
  return {
    id,
    version: stamp,
    modified: stamp,
    ...(created !== undefined ? { created } : {}),
    voided,
    body: endpoint.untyped ? body : { ...body, [endpoint.field]: type },
  };
}

/**
 * Rows of a list as records, those that are odd as records that cannot be read. `first`: the place
 * of the first one among those of its stamp.
 */
export function recordsOf(rows: readonly ListedRow[], endpoint: Endpoint, type: string, first = 0): (SourceRecord | Unreadable)[] {
  let slot = first - 1;
  let last: Instant | undefined;
  return rows.map((row) => {
    slot = last === undefined || row.stamp === last ? slot + 1 : 0;
    last = row.stamp;
    return isOdd(row) ? oddRow(row, type, slot) : recordOf(row, endpoint, type);
  });
}

/** A row of a list: its place is always known. */
export type ListedRow = AvniRow | (OddRow & { stamp: Instant });
