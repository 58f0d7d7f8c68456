import pLimit from 'p-limit';
import { parseJson } from '../../http/parse-json.js';
import type { Context, SourceRecord, Unreadable } from '../connector.js';
import { unreadableError } from './broken-group.js';
import { avniFailure } from './failure.js';
import type { AvniLister } from './lister.js';
import { avniRow, isOfType, recordOf } from './rows.js';
import type { AvniSession } from './session.js';

/** Requests at once: the server's work for one record is a few milliseconds. */
const AT_ONCE = 8;

/** Records by id, a few at a time; one that does not exist, or is of another type, is absent. */
export async function fetchRecords(
  session: AvniSession,
  lister: AvniLister,
  ids: string[],
  c: Context,
): Promise<Map<string, SourceRecord | Unreadable>> {
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(ids.map((id) => limit(async () => [id, await fetchOne(session, lister, id, c)] as const)));
  return new Map(found.flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
}

async function fetchOne(session: AvniSession, lister: AvniLister, id: string, c: Context): Promise<SourceRecord | Unreadable | undefined> {
  const { endpoint, type } = lister;
  // Avni server, observed: an id with a slash or a semicolon cannot be used in a path; no UUID has one.
  if (/[/;]/.test(id)) return undefined;
  const path = `${endpoint.one}/${encodeURIComponent(id)}`;
  const response = await session.get(path, { version: '2' }, c);
  if (response.status === 404) return undefined;
  const failure = avniFailure(response, `Reading one record of “${type}” from Avni`);
  if (failure?.code === 'ServerError' && (await lister.isHealthy(c)))
    return { id, stamp: '1970-01-01T00:00:00.000Z', slot: 0, error: unreadableError(type) };
  if (failure) throw failure;
  const row = parseJson(response, avniRow, `Reading one record of “${type}” from Avni`);
  return isOfType(row, endpoint, type) ? recordOf(row, endpoint, type) : undefined;
}
