import pLimit from 'p-limit';
import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import { AnswerTooLarge } from '../../errors/answer-too-large.js';
import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import type { HttpResponse } from '../../http/http.js';
import { isPathSegment, pathSegment } from '../../http/path-segment.js';
import { parseJson } from '../../http/parse-json.js';
import { readJsonForExpressions } from '../../json/json.js';
import { getOwn } from '../../model/keyed.js';
import type { Context, SourceRecord, Unreadable } from '../connector.js';
import { together } from '../together.js';
import { unreadableError } from './broken-group.js';
import { incidentOf, sickFailure } from './failure.js';
import { jsonIn } from './json-in.js';
import type { KnownType } from './known-type.js';
import type { AvniLister } from './lister.js';
import { isOfType } from './check-rows.js';
import { AT_ONCE } from './at-once.js';
import { oddError, SIZE } from './odd-row.js';
import { isOdd, isUsableId, recordOf, rowOf } from './rows.js';
import type { AvniSession } from './session.js';

/**
 * Records by id, a few at a time. One that does not exist is absent, only where the server is
 * otherwise well; so is one of another type that is voided. One that is valid and of another type
 * says so.
 *
 * @param known absent: names of types are not looked into
 * @throws SystemFailure `UnknownType` where a record is of another type since Avni does not know
 * the name of this one
 */
export async function fetchRecords(
  session: AvniSession,
  lister: AvniLister,
  ids: string[],
  c: Context,
  known?: KnownType,
): Promise<Map<string, SourceRecord | Unreadable>> {
  const limit = pLimit(AT_ONCE);
  let health: Promise<boolean> | undefined;
  let expected: Promise<void> | undefined;
  const fetch = async (id: string, each: Context): Promise<[string, SourceRecord | Unreadable | undefined]> => {
    const isHealthy = (): Promise<boolean> => (health ??= lister.isHealthy(each));
    const record = await fetchOne(session, lister, id, isHealthy, each);
    if (record !== OTHER_TYPE) return [id, record];
    await (expected ??= known?.expectDespite(each));
    return [id, { ...UNPLACED, id, error: otherType(lister.type) }];
  };
  const found = await together<[string, SourceRecord | Unreadable | undefined][]>(
    ids.map((id) => (each) => limit(() => fetch(id, each))),
    c,
  );
  return new Map(found.flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
}

/** One that is too large to be read, on a server that is otherwise well, is its own error. */
async function fetchOne(
  session: AvniSession,
  lister: AvniLister,
  id: string,
  isHealthy: () => Promise<boolean>,
  c: Context,
): Promise<SourceRecord | Unreadable | typeof OTHER_TYPE | undefined> {
  try {
    return await readOne(session, lister, id, isHealthy, c);
  } catch (error) {
    if (!(error instanceof AnswerTooLarge) || !(await isHealthy())) throw error;
    return { ...UNPLACED, id, error: oddError(lister.type, SIZE) };
  }
}

async function readOne(
  session: AvniSession,
  lister: AvniLister,
  id: string,
  isHealthy: () => Promise<boolean>,
  c: Context,
): Promise<SourceRecord | Unreadable | typeof OTHER_TYPE | undefined> {
  const { endpoint, type } = lister;
  // Avni server, observed: such an id cannot be used in a path; no UUID has one. To say nothing of
  // it would make it count as gone.
  if (!isUsableId(id) || !isPathSegment(id) || /[/;]/.test(id)) return { ...UNPLACED, id, error: unfetchable(type) };
  const place = `Reading one record of “${type}” from Avni`;
  const ask = (version: '1' | '2'): Promise<HttpResponse> => session.get(`${endpoint.one}/${pathSegment(id)}`, { version }, c);
  const { answer, verdict } = await settle(
    () => ask('2'),
    (response) => incidentOf(response, 'read one'),
    isHealthy,
  );
  if (verdict.kind === 'absent') return undefined;
  if (verdict.kind === 'record') return voidedIn(await ask('1'), id, lister) ?? { ...UNPLACED, id, error: unreadableError(type, answer) };
  if (verdict.kind !== 'done') throw await sickFailure(session, systemCodeOf(verdict), answer, place, c);
  const row = rowOf(parseJson(answer, z.unknown(), place, readJsonForExpressions));
  if (isOdd(row)) return { ...UNPLACED, id, error: oddError(type, row.odd) };
  if (row.id !== id) return { ...UNPLACED, id, error: otherRecord(type) };
  if (isOfType(row, endpoint, type)) return recordOf(row, endpoint, type);
  if (typeof getOwn(row.body, endpoint.field) !== 'string') return { ...UNPLACED, id, error: oddError(type, endpoint.field) };
  return row.voided ? undefined : OTHER_TYPE;
}

const OTHER_TYPE = 'other type';

/** To leave it out would have what depends on it filtered, as if it were gone. */
function otherType(type: string): RecordError {
  return {
    code: 'OtherType',
    message: `Avni has it as a record of another type than “${type}”.`,
    remedy: 'Leave such records out, or those that depend on them, by “when”; or name their type in the definition.',
  };
}

/**
 * Avni server, observed: it gives a record by its External ID too. Known by two ids, it would be
 * two.
 */
function otherRecord(type: string): RecordError {
  return {
    code: 'OtherRecord',
    message: `Asked for one record of “${type}” by its id, Avni gives a record of another id.`,
    remedy: 'Let “dependsOn” give the ID of the record it names, not its External ID; else see what stands between, such as a cache.',
  };
}

/** Of a record that cannot be given: where in its list it stands is not known. */
const UNPLACED = { stamp: '1970-01-01T00:00:00.000Z', slot: 0 } as const;

/**
 * What the older form of the API gives of a record on which the newer one fails, if it is voided:
 * that is all that has to be known of it.
 */
function voidedIn({ status, text }: HttpResponse, id: string, { endpoint, type }: AvniLister): SourceRecord | undefined {
  if (status !== 200) return undefined;
  const row = rowOf(jsonIn(text));
  return !isOdd(row) && row.id === id && row.voided && isOfType(row, endpoint, type) ? recordOf(row, endpoint, type) : undefined;
}

function unfetchable(type: string): RecordError {
  return {
    code: 'Unreadable',
    message: `Avni gives no single record of “${type}” by such an id: it has a slash, a semicolon or a control character, is of dots, looks like a place (@…#…), or is too long.`,
    remedy: 'Correct the record in Avni and save it: it is read with the next changes.',
  };
}
