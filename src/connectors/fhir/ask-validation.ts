import type { RecordError } from '../../errors/record-error.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { pathSegment } from '../../http/path-segment.js';
import type { Context, PlannedOutcome } from '../connector.js';
import { answerOf, isOutcome, refusalOf } from './answer.js';
import type { FhirClient } from './client.js';
import type { Operation } from './operations.js';
import { parsed } from './parsed.js';
import type { Work } from './writer.js';

/** `asked`: the server has such an operation, and answered each time. */
interface Validation {
  asked: boolean;
  error?: RecordError;
}

/**
 * What a plan comes to once the server is asked whether it would take what is to be sent. @throws
 * Cancelled
 */
export async function validated(client: FhirClient, { operations, done }: Work, c: Context): Promise<PlannedOutcome> {
  const { asked, error } = await askValidation(client, operations, c);
  return error ? { kind: 'refused', error } : { ...done, ...(asked ? { validated: true as const } : {}) };
}

/**
 * Asks the server whether it would take what is to be put, by `$validate`, which stores nothing. A
 * server that has no such operation, does not let it be used, or does not answer it has not been
 * asked.
 *
 * @throws Cancelled
 */
async function askValidation(client: FhirClient, operations: Operation[], c: Context): Promise<Validation> {
  const puts = operations.filter(({ method }) => method === 'PUT');
  for (const { type, body } of puts) {
    const validation = await askOne(client, type, body, c);
    if (!validation.asked || validation.error) return validation;
  }
  return { asked: puts.length > 0 };
}

async function askOne(client: FhirClient, type: string, body: unknown, c: Context): Promise<Validation> {
  try {
    const path = `${pathSegment(type)}/$validate`;
    const response = await client.send({ method: 'POST', kind: 'read', path, body }, c);
    const said = parsed(response.text);
    if (!isOutcome(said)) return { asked: false };
    const answer = answerOf(response.status, said, response, { method: 'POST' });
    const { came, given, issue } = answer;
    if (came === 200) return { asked: true };
    // What it refers to may be there only once this is done for good: the parents are not written
    // here either.
    if (given !== undefined && issue.code === 'not-found') return { asked: true };
    const isVerdict = given !== undefined || ((came === 400 || came === 412 || came === 422) && issue.code !== 'not-supported');
    return isVerdict ? { asked: true, error: refusalOf(answer, false) } : { asked: false };
  } catch (error) {
    if (error instanceof SystemFailure) return { asked: false };
    throw error;
  }
}
