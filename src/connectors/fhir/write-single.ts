import { SystemFailure } from '../../errors/system-failure.js';
import type { Context } from '../connector.js';
import type { FhirClient } from './client.js';
import { answerOf, type Answer } from './answer.js';
import type { Operation } from './operations.js';

/** One operation by a request of its own. @throws SystemFailure, Cancelled where there is no answer. */
export async function writeSingle(client: FhirClient, operation: Operation, c: Context): Promise<Answer> {
  const { method, type, id, body, version } = operation;
  const headers = version !== undefined && method === 'PUT' ? { 'if-match': `W/"${version}"` } : {};
  const response = await client.send({ method, kind: 'write', path: `${type}/${id}`, headers, ...(body !== undefined ? { body } : {}) }, c);
  const json = parsed(response.text);
  if (response.status < 300 && response.text !== '' && json === undefined) throw notFromServer();
  return answerOf(response.status, json, response, method);
}

/** A success that no FHIR server can have given, such as a proxy’s sign-in page: whether anything was written is not known. */
export function notFromServer(): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: 'Writing to the FHIR server: the answer is not JSON, or not of the expected shape.',
    remedy: 'See whether the url leads to the system itself, not to a sign-in page or a proxy.',
  });
}

/** A body that may be JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
