import pLimit from 'p-limit';
import { z } from 'zod';
import { settle } from '../../errors/settle.js';
import type { RecordError } from '../../errors/record-error.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { parseJson } from '../../http/parse-json.js';
import { getOwn } from '../../model/keyed.js';
import type { Context, Found, LookUp } from '../connector.js';
import { together } from '../together.js';
import { BEGINNING } from './changes.js';
import { expectType } from './check-target.js';
import { endpoints } from './endpoints.js';
import { unusableKey } from './external-id.js';
import { foundOf } from './found.js';
import { AT_ONCE } from './at-once.js';
import { incidentOf, sickFailure } from './failure.js';
import { wantedOf, type Wanted } from './look-up-settings.js';
import { oddError } from './odd-row.js';
import { refusalOf } from './refusal.js';
import type { Call } from './sending.js';
import type { Concept } from './setup/concepts.js';
import type { Missing } from './setup/metadata-answer.js';
import type { AvniSession } from './session.js';
import { AS_STORED, lookUpRecord, readRecord, type Body, type StoredRecord } from './stored-record.js';

const SIZE = 1000;
/** More pages than any value has records that one could be meant of. */
const MOST_PAGES = 20;
const END = '2999-01-01T00:00:00.000Z';

const page = z.object({ content: z.array(z.unknown()), totalPages: z.number().int().nonnegative() });

/**
 * Records that Sangam need not have written: by a concept's value, by External ID, or as an
 * enrolment of a subject. One list per question; equal ones are asked once. @throws SystemFailure,
 * Cancelled
 */
export async function lookUpAll(session: AvniSession, questions: LookUp[], call: Call): Promise<(Found[] | RecordError)[]> {
  const limit = pLimit(AT_ONCE);
  const asked = new Map<string, Promise<Found[] | RecordError>>();
  return together<(Found[] | RecordError)[]>(
    questions.map(({ settings, value, of }) => (c: Context) => {
      const wanted = wantedOf(settings);
      const key = JSON.stringify([wanted, value ?? null, of ?? null]);
      const answer = asked.get(key) ?? limit(() => lookUpOne(session, wanted, value, of, { ...call, c }));
      asked.set(key, answer);
      return answer;
    }),
    call.c,
  );
}

async function lookUpOne(
  session: AvniSession,
  wanted: Wanted,
  value: string | undefined,
  of: string | undefined,
  call: Call,
): Promise<Found[] | RecordError> {
  await expectType(wanted, call.view, call.c);
  const records = await candidates(session, wanted, value, of, call);
  // A type that was renamed, or a concept that was taken away, while it was believed has nobody.
  if ('code' in records || records.length === 0) {
    await call.view.typesAgain(call.c);
    await expectType(wanted, call.view, call.c);
    if (wanted.concept !== undefined) expectConcept(wanted.concept, await call.view.conceptAgain(wanted.concept, call.c));
  }
  if ('code' in records) return records;
  const { field } = endpoints[wanted.kind];
  const parent = wanted.kind === 'programEncounter' ? 'Enrolment ID' : 'Subject ID';
  const fitting = records.filter(
    ({ row }) =>
      (getOwn(row, field) ?? wanted.type) === wanted.type && (of === undefined || wanted.kind === 'subject' || getOwn(row, parent) === of),
  );
  const valid = fitting.filter(({ voided }) => !voided);
  const chosen = value === undefined ? picked(valid, wanted) : valid;
  return (valid.length > 0 ? chosen : fitting).map((record) => foundOf(wanted.kind, record));
}

async function candidates(
  session: AvniSession,
  wanted: Wanted,
  value: string | undefined,
  of: string | undefined,
  call: Call,
): Promise<StoredRecord[] | RecordError> {
  const { kind, type, concept } = wanted;
  const { list, parameter } = endpoints[kind];
  if (value === '' || of === '') return [];
  if (value !== undefined && concept !== undefined) {
    expectConcept(concept, (await call.view.conceptsIn([{ [concept]: '' }], call.c)).get(concept));
    const rows = await listed(session, list, { [parameter]: type, concepts: JSON.stringify({ [concept]: value }) }, wanted, call);
    return 'code' in rows ? rows : rows.filter(({ body }) => String(getOwn(body['observations'] as Body, concept) ?? '') === value);
  }
  if (value !== undefined) {
    if (unusableKey(value)) return [];
    const found = await lookUpRecord(session, endpoints[kind], kind, value, call.isHealthy, call.c);
    if (found && 'code' in found) return found;
    return found ? [found] : [];
  }
  if (kind !== 'enrolment' || of === undefined) return [];
  return listed(session, list, { program: type, subject: of }, wanted, call);
}

/**
 * Of a subject's enrolments. More than one where nothing tells which: whoever asked is to say so.
 */
function picked(valid: StoredRecord[], { pick }: Wanted): StoredRecord[] {
  if (pick === 'only') return valid;
  if (pick === 'active') return valid.filter(({ body }) => body['Exit datetime'] === undefined);
  const timeOf = ({ body }: StoredRecord): number => Date.parse(String(body['Enrolment datetime'])) || 0;
  const last = Math.max(...valid.map(timeOf));
  return valid.filter((each) => timeOf(each) === last);
}

/**
 * All rows of a list; an error where the server does not take a value, or gives a row that nobody
 * can read.
 */
async function listed(
  session: AvniSession,
  path: string,
  filter: Record<string, string>,
  { kind, type }: Wanted,
  { isHealthy, c }: Call,
): Promise<StoredRecord[] | RecordError> {
  const place = `Looking for ${endpoints[kind].parameter} “${type}” in Avni`;
  const records: StoredRecord[] = [];
  for (let [number, pages] = [0, 1]; number < pages; number += 1) {
    if (number === MOST_PAGES) return tooMany(place);
    const query = { ...filter, lastModifiedDateTime: BEGINNING, now: END, page: String(number), size: String(SIZE), version: AS_STORED };
    const { answer, verdict } = await settle(
      () => session.get(path, query, c),
      (response) => incidentOf(response, 'look up'),
      isHealthy,
    );
    if (verdict.kind === 'record') return refusalOf(answer);
    if (verdict.kind !== 'done') throw await sickFailure(session, systemCodeOf(verdict), answer, place, c);
    const { content, totalPages } = parseJson(answer, page, place);
    pages = totalPages;
    for (const row of content) {
      const read = readRecord(row, kind);
      if ('odd' in read) return oddError(kind, read.odd);
      records.push(read);
    }
  }
  return records;
}

/** Who is meant is not known before all were seen. */
function tooMany(place: string): RecordError {
  return {
    code: 'TooManyFound',
    message: `${place} gives more than ${MOST_PAGES * SIZE} records for one value, and so does not tell which one is meant.`,
    remedy:
      'See why so many have the same value, or whether the server drops the filter; look for them by a concept that tells them apart.',
  };
}

/** Asked for by an unknown concept, or by a coded one, Avni finds nothing, or refuses. */
function expectConcept(name: string, concept: Concept | Missing | undefined): void {
  if (concept === 'unreadable' || (typeof concept === 'object' && concept.dataType !== 'Coded')) return;
  throw new SystemFailure({
    code: 'UnknownType',
    needsPerson: true,
    message:
      concept === 'unknown'
        ? `Avni has no concept “${name}”, or has it no more.`
        : `Avni’s concept “${name}” is a coded one, by which nobody is found.`,
    remedy: 'Write under find: the exact name of the concept that holds the identifier, of data type Text.',
  });
}
