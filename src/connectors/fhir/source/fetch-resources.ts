import pLimit from 'p-limit';
import { z } from 'zod';
import { AnswerTooLarge } from '../../../errors/answer-too-large.js';
import type { RecordError } from '../../../errors/record-error.js';
import { settle } from '../../../errors/settle.js';
import { systemCodeOf } from '../../../errors/whose-fault.js';
import { failureOfStatus } from '../../../http/failure-of-status.js';
import { parseJson } from '../../../http/parse-json.js';
import { readJsonForExpressions } from '../../../json/json.js';
import type { Context } from '../../connector.js';
import { together } from '../../together.js';
import { answerOf, refusalOf, statusOf } from '../answer.js';
import { askedValues, BY_GET, chunks } from '../asked-values.js';
import { isId } from '../ids.js';
import { parsed } from '../parsed.js';
import { Chain, type FhirReader } from './fhir-reader.js';
import { isOddEntry, rowOfResource, type OddEntry, type ReadRow } from './source-entries.js';

/** A record that was asked for by its id, or why it cannot be given. */
export type FetchedRow = ReadRow | { error: RecordError } | { odd: string };

/** Single reads at once. */
const AT_ONCE = 8;

/**
 * Resources by id, whatever their category, code or tag: by searches of many, and each that none of
 * them shows by itself. One that does not exist is absent, only where its server is otherwise well.
 *
 * @param thin their `meta` is enough
 * @throws SystemFailure, Cancelled
 */
export async function fetchResources(reader: FhirReader, ids: string[], c: Context, thin = false): Promise<Map<string, FetchedRow>> {
  const rows = new Map<string, FetchedRow>(ids.filter((id) => !isId(id)).map((id) => [id, { odd: 'id' }]));
  const possible = [...new Set(ids.filter(isId))];
  // One is read at once where nothing is to be joined.
  if (possible.length > 1 || reader.settings.include !== undefined) {
    const asked = chunks(askedValues(possible, new Map()), BY_GET);
    const found = await together<ReadRow[][]>(
      asked.map(
        (some) => (each) =>
          searched(
            reader,
            some.map(({ value }) => value),
            thin,
            each,
          ),
      ),
      c,
    );
    for (const row of found.flat()) if (possible.includes(row.id)) rows.set(row.id, row);
  }
  const limit = pLimit(AT_ONCE);
  const rest = possible.filter((id) => !rows.has(id));
  const single = await together<(FetchedRow | undefined)[]>(
    rest.map((id) => (each) => limit(() => fetchWhole(reader, id, each))),
    c,
  );
  rest.forEach((id, index) => {
    const row = single[index];
    if (row) rows.set(id, row);
  });
  return rows;
}

/** Those that a search shows; none where it fails, so that each is asked for by itself. */
async function searched(reader: FhirReader, ids: string[], thin: boolean, c: Context): Promise<ReadRow[]> {
  const found: ReadRow[] = [];
  const chain = new Chain(reader.place);
  let path: string | undefined = reader.path.by('_id', ids, { count: ids.length, ofAll: true, thin });
  while (path !== undefined) {
    const page = await reader.page(path, c, true);
    if (typeof page === 'string') return found;
    chain.follow(page);
    found.push(...page.rows.flatMap((row) => (isOddEntry(row) ? [] : [row])));
    path = page.next;
  }
  return found;
}

/**
 * One record by itself, with what is to be joined to it, which a search alone gives; undefined
 * where there is none.
 */
async function fetchWhole(reader: FhirReader, id: string, c: Context): Promise<FetchedRow | undefined> {
  const alone = await fetchOne(reader, id, c);
  if (!alone || !('resource' in alone) || reader.settings.include === undefined) return alone;
  const shown = await searched(reader, [id], false, c);
  return shown.find((row) => row.id === id) ?? { error: unjoined(reader.type) };
}

/** One record without what it refers to; undefined where there is none. */
async function fetchOne(reader: FhirReader, id: string, c: Context): Promise<FetchedRow | undefined> {
  const { client, type, place } = reader;
  try {
    const { answer, verdict } = await settle(
      () => client.send({ method: 'GET', kind: 'read', path: `${type}/${id}` }, c),
      (response) => ({ place: 'read one', came: statusOf(response) }),
      () => reader.isHealthy(c),
    );
    if (verdict.kind === 'absent') return undefined;
    if (verdict.kind === 'record')
      return { error: unreadable(type, refusalOf(answerOf(answer.status, parsed(answer.text), answer, { method: 'PUT' }), false)) };
    if (verdict.kind !== 'done') throw failureOfStatus(systemCodeOf(verdict), answer, place);
    const row = rowOfResource(parseJson(answer, z.unknown(), place, readJsonForExpressions), type);
    return isOddEntry(row) ? { odd: row.odd } : row.id === id ? row : { odd: 'id' };
  } catch (error) {
    if (!(error instanceof AnswerTooLarge) || !(await reader.isHealthy(c))) throw error;
    return { odd: 'its size' };
  }
}

/** Without what it refers to it would be written as if there were none of that. */
export function unjoined(type: string): RecordError {
  return {
    code: 'Unreadable',
    message: `The FHIR server gives this ${type} by itself, and not with what it refers to (“include”).`,
    remedy: 'See the FHIR server’s log at this time, and correct what the resource refers to; it is tried again by itself.',
  };
}

/** What the server says stands in `detail`, which is never stored. */
function unreadable(type: string, { status, detail }: RecordError): RecordError {
  return {
    code: 'Unreadable',
    ...(status !== undefined ? { status } : {}),
    message: `The FHIR server cannot give this ${type}: it fails on it (${status ?? 'no status'}).`,
    remedy: 'See the FHIR server’s log at this time, and correct the resource there.',
    ...(detail !== undefined ? { detail } : {}),
  };
}

/**
 * The error of a record that is not of the form that FHIR R4 asks for; its values are never told.
 */
export function oddResource(type: string, { odd }: Pick<OddEntry, 'odd'>): RecordError {
  return {
    code: 'Unreadable',
    message: `The FHIR server gives a ${type} in a form that FHIR R4 does not have, at ${odd}.`,
    remedy: 'Look at the resource on the server and store it anew; see whether something stands between that changes answers.',
    path: odd,
  };
}
