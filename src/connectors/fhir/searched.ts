import type { RecordError } from '../../errors/record-error.js';
import type { HttpResponse } from '../../http/http.js';
import { isWellFormed } from '../well-formed.js';
import { answerOf, outcomeIn, refusalOf } from './answer.js';
import { parsed } from './parsed.js';

/** Characters of one value in a query: more is taken by few servers. */
const LONGEST_VALUE = 6_000;

/**
 * Characters of an answer that may be an OperationOutcome: a longer one is a bundle of what nobody
 * asked for.
 */
const LONGEST_OUTCOME = 1_000_000;

// Control characters, which no tag or identifier holds.
const CONTROL = /\p{Cc}/u;

/**
 * A value as it is asked for, made by `asAsked`; or why it cannot be searched for, whatever the
 * server.
 */
export function unsearchable<T extends { query: string }>(value: string, asAsked: (value: string) => T): T | RecordError {
  if (!isWellFormed(value)) return unfit('holds half a character');
  if (CONTROL.test(value)) return unfit('holds a control character');
  const asked = asAsked(value);
  return asked.query.length > LONGEST_VALUE ? unfit('is too long') : asked;
}

function unfit(why: string): RecordError {
  return {
    code: 'Unsearchable',
    message: `The record’s id or key ${why}, so it cannot be looked for on the FHIR server.`,
    remedy: 'Correct the id or the field the key is made of, in the record or by the expression.',
  };
}

/**
 * The error of a record whose value the server does not take in a search: what cannot be looked for
 * is not written, since it might be there already.
 */
export function notSearchable(response: HttpResponse): RecordError {
  const body = response.text.length > LONGEST_OUTCOME ? undefined : parsed(response.text);
  return {
    ...refusalOf(answerOf(response.status, outcomeIn(body) ?? body, response, { method: 'PUT' }), false),
    message: `The FHIR server does not take the search for this record’s tag or key (${response.status}).`,
    remedy: 'Correct the record’s key, or see the FHIR server’s log at this time.',
  };
}

/**
 * The error of a record of which the server has a resource that can be neither compared nor written
 * to.
 */
export function withoutId(type: string): RecordError {
  return {
    code: 'OddId',
    message: `The FHIR server has a ${type} of this record without an id that FHIR R4 allows.`,
    remedy: 'See who wrote it, and remove it or correct its id on the server; see whether something stands between that changes answers.',
  };
}
