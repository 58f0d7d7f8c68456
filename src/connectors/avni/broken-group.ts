import type { RecordError } from '../../errors/record-error.js';
import type { HttpResponse } from '../../http/http.js';
import type { Context, Instant, SourceRecord, Unreadable } from '../connector.js';
import { moved, type AvniLister } from './lister.js';
import { PageBroken } from './page-broken.js';
import { isOfType } from './check-rows.js';
import { oddError, oddRow } from './odd-row.js';
import { isOdd, recordOf } from './rows.js';

/** A power of two, so that a page halves into two whole pages. */
const LARGEST = 512;

/**
 * All records of one stamp where some break every page they are on: halved by position, from the
 * last to the first, down to each of those, which comes as `Unreadable`, with its id where the
 * older form of the API can read it; one that is voided there comes as a voided record.
 */
export async function brokenGroup(lister: AvniLister, stamp: Instant, c: Context): Promise<(SourceRecord | Unreadable)[]> {
  const window = { after: moved(stamp, -1), until: stamp };
  // Of one row each, there are as many pages as rows.
  const { totalPages: count } = await lister.count(window, 1, c);
  const largest = Math.min(LARGEST, 2 ** Math.ceil(Math.log2(Math.max(count, 1))));
  const records = new Map<string, SourceRecord | Unreadable>();
  const halve = async (page: number, size: number): Promise<void> => {
    await read(page * 2 + 1, size / 2);
    await read(page * 2, size / 2);
  };
  const read = async (page: number, size: number): Promise<void> => {
    try {
      const { rows, pageSize } = await lister.list(window, page, size, c, { suspected: size > 1 });
      // A server that gives fewer rows a page counts its pages otherwise too.
      if (pageSize < size) return await halve(page, size);
      rows.forEach((row, index) => {
        const slot = page * size + index;
        const record = isOdd(row) ? oddRow(row, lister.type, slot) : recordOf(row, lister.endpoint, lister.type);
        records.set(record.id ?? `@${stamp}#${slot}`, record);
      });
    } catch (error) {
      if (!(error instanceof PageBroken)) throw error;
      if (size > 1) return halve(page, size);
      const broken = await unreadable(lister, stamp, page, error, c);
      records.set(broken.id ?? `@${stamp}#${page}`, broken);
    }
  };
  for (let page = Math.ceil(count / largest) - 1; page >= 0; page -= 1) await read(page, largest);
  return [...records.values()];
}

async function unreadable(
  lister: AvniLister,
  stamp: Instant,
  slot: number,
  { answer, odd }: PageBroken,
  c: Context,
): Promise<SourceRecord | Unreadable> {
  const window = { after: moved(stamp, -1), until: stamp };
  const row = await lister.older(window, slot, 1, c).then(
    ({ rows }) => rows[0],
    (error: unknown) => {
      if (error instanceof PageBroken) return undefined;
      throw error;
    },
  );
  // What is gone in Avni is taken away by its id alone, whatever else cannot be read of it.
  if (row && !isOdd(row) && row.voided && isOfType(row, lister.endpoint, lister.type))
    return { ...recordOf(row, lister.endpoint, lister.type), version: stamp, modified: stamp };
  const error = odd === undefined ? unreadableError(lister.type, answer) : oddError(lister.type, odd);
  return { ...(row?.id !== undefined ? { id: row.id } : {}), stamp, slot, error };
}

const SAYS_NOTHING = ' Avni says nothing of why: see its server’s log, or set AVNI_SEND_EXCEPTION_IN_RESPONSE to true there.';

/**
 * Avni server, observed: a stored date that is none makes the server fail for the record and for
 * every page it is on.
 */
export function unreadableError(type: string, { status, text }: HttpResponse): RecordError {
  return {
    code: 'Unreadable',
    status,
    message: `Avni cannot give this record of “${type}”: it fails on it (${status}).`,
    remedy: `Open the record in Avni and correct it; often a date field holds something else than a date.${text === '' ? SAYS_NOTHING : ''}`,
    ...(text !== '' ? { detail: text } : {}),
  };
}
