import pLimit from 'p-limit';
import type { RecordError } from '../../errors/record-error.js';
import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { isPathSegment, pathSegment } from '../../http/path-segment.js';
import { parseJson } from '../../http/parse-json.js';
import { readJsonForExpressions } from '../../json/json.js';
import type { Context, SourceRecord, Unreadable } from '../connector.js';
import { together } from '../together.js';
import { unreadableError } from './broken-group.js';
import { avniFailure, incidentOf } from './failure.js';
import type { AvniLister } from './lister.js';
import { avniRow, isOfType, recordOf } from './rows.js';
import type { AvniSession } from './session.js';

/** Requests at once: the server's work for one record is a few milliseconds. */
const AT_ONCE = 8;
const EPOCH = '1970-01-01T00:00:00.000Z';

/** Records by id, a few at a time; one that does not exist, or is of another type, is absent: only where the server is otherwise well. */
export async function fetchRecords(
  session: AvniSession,
  lister: AvniLister,
  ids: string[],
  c: Context,
): Promise<Map<string, SourceRecord | Unreadable>> {
  const limit = pLimit(AT_ONCE);
  let health: Promise<boolean> | undefined;
  const fetch = async (id: string, each: Context): Promise<[string, SourceRecord | Unreadable | undefined]> => {
    const isHealthy = (): Promise<boolean> => (health ??= lister.isHealthy(each));
    return [id, await fetchOne(session, lister, id, isHealthy, each)];
  };
  const found = await together<[string, SourceRecord | Unreadable | undefined][]>(
    ids.map((id) => (each) => limit(() => fetch(id, each))),
    c,
  );
  return new Map(found.flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
}

async function fetchOne(
  session: AvniSession,
  lister: AvniLister,
  id: string,
  isHealthy: () => Promise<boolean>,
  c: Context,
): Promise<SourceRecord | Unreadable | undefined> {
  const { endpoint, type } = lister;
  // Avni server, observed: such an id cannot be used in a path; no UUID has one. To say nothing of it would make it count as gone.
  if (/[/;]/.test(id) || !isPathSegment(id)) return { id, stamp: EPOCH, slot: 0, error: unfetchable(type) };
  const place = `Reading one record of “${type}” from Avni`;
  const path = `${endpoint.one}/${pathSegment(id)}`;
  const { answer, verdict } = await settle(
    () => session.get(path, { version: '2' }, c),
    (response) => incidentOf(response, 'read one'),
    isHealthy,
  );
  if (verdict.kind === 'absent') return undefined;
  if (verdict.kind === 'record') return { id, stamp: EPOCH, slot: 0, error: unreadableError(type, answer) };
  if (verdict.kind !== 'done') throw avniFailure(systemCodeOf(verdict), answer, place);
  const row = parseJson(answer, avniRow, place, readJsonForExpressions);
  return isOfType(row, endpoint, type) ? recordOf(row, endpoint, type) : undefined;
}

function unfetchable(type: string): RecordError {
  return {
    code: 'Unreadable',
    message: `Avni gives no single record of “${type}” whose id has a slash or a semicolon, or is of dots.`,
    remedy: 'Correct the record in Avni and save it: it is read with the next changes.',
  };
}
