import { SystemFailure } from '../../errors/system-failure.js';
import { getOwn } from '../../model/keyed.js';
import type { Instant } from '../connector.js';
import type { Endpoint } from './endpoints.js';
import type { OddRow } from './odd-row.js';
import { isOdd, type AvniRow, type ListedRow } from './rows.js';

/**
 * Rows of one parent only: query parameter, and the field by which each row tells that it is so.
 */
export interface ParentFilter {
  parameter: string;
  field: string;
  id: string;
}

/**
 * Whether a row is of the type that was asked for; a row that does not say is taken at its word.
 */
export function isOfType({ body }: AvniRow, endpoint: Endpoint, type: string): boolean {
  const named = getOwn(body, endpoint.field);
  return named === undefined || named === type;
}

/**
 * Rows whose type and parent are what was asked for; another one is odd, so long as one of its page
 * is as asked: a server drops a filter whose value it does not know, and what it does not know no
 * record has.
 *
 * @throws SystemFailure where the server gave rows of other types or parents alone: it dropped a
 * filter, silently.
 */
export function checkFilters<T extends AvniRow | OddRow>(
  rows: readonly T[],
  endpoint: Endpoint,
  type: string,
  parent: ParentFilter | undefined,
): (T | OddRow)[] {
  const isOf = (row: AvniRow): boolean => !parent || getOwn(row.body, parent.field) === parent.id;
  const ofAnyType = endpoint.untyped === true;
  const read = rows.filter((row): row is T & AvniRow => !isOdd(row));
  if (parent && read.some(({ body }) => typeof getOwn(body, parent.field) === 'string') && !read.some(isOf))
    throw parentDropped(type, parent);
  if (
    !ofAnyType &&
    read.some(({ body }) => typeof getOwn(body, endpoint.field) === 'string') &&
    !read.some((row) => isOfType(row, endpoint, type))
  )
    throw typeDropped(type, endpoint);
  return rows.map((row) => {
    if (isOdd(row)) return row;
    const { id, stamp } = row;
    if (!ofAnyType && !isOfType(row, endpoint, type)) return { id, stamp, odd: endpoint.field };
    return parent && !isOf(row) ? { id, stamp, odd: parent.field } : row;
  });
}

function parentDropped(type: string, { parameter }: ParentFilter): SystemFailure {
  return new SystemFailure({
    code: 'FilterDropped',
    needsPerson: true,
    message: `Avni gave records of “${type}” of other parents than the one that was asked for: it dropped the filter ${parameter}.`,
    remedy: 'See whether the parent is still known to Avni; if it is, report this with the version of the Avni server.',
  });
}

function typeDropped(type: string, { parameter }: Endpoint): SystemFailure {
  return new SystemFailure({
    code: 'FilterDropped',
    needsPerson: true,
    message: `Avni gave records of other types than “${type}”: it drops a filter whose name it does not know.`,
    remedy: `Write the name of the ${parameter} in the definition exactly as it is in Avni.`,
  });
}

/**
 * The rows of a page, each with its place; undefined where that of some is not known, since their
 * stamp is odd. A stamp outside of the window is as odd, so long as others of its page lie within.
 *
 * @throws SystemFailure where all rows lie outside the window, or those within are not in order.
 */
export function placed(
  rows: readonly (AvniRow | OddRow)[],
  type: string,
  window: { after: Instant; until: Instant },
  suspected: boolean,
): ListedRow[] | undefined {
  const isWithin = ({ stamp }: AvniRow | OddRow): boolean => stamp !== undefined && stamp > window.after && stamp <= window.until;
  const stamped = rows.filter(({ stamp }) => stamp !== undefined);
  if (stamped.length > 0 && !suspected && !stamped.some(isWithin)) throw repeated(type);
  let last = '';
  for (const { stamp } of rows.filter(isWithin)) {
    if (stamp === undefined) continue;
    if (stamp < last) throw repeated(type);
    last = stamp;
  }
  return rows.every((row): row is ListedRow => isWithin(row)) ? [...rows] : undefined;
}

function repeated(type: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `Avni gave records of “${type}” outside the window that was asked for, or not in order, as when a page repeats.`,
    remedy: 'See whether a cache or proxy stands before Avni.',
  });
}
