import type { Context } from '../connector.js';
import type { FhirClient } from './client.js';
import { answerOf, type Answer } from './answer.js';
import type { Operation } from './operations.js';

/** One operation by a request of its own. @throws SystemFailure, Cancelled where there is no answer. */
export async function writeSingle(client: FhirClient, operation: Operation, c: Context): Promise<Answer> {
  const { method, type, id, body, version } = operation;
  const headers = version !== undefined && method === 'PUT' ? { 'if-match': `W/"${version}"` } : {};
  const response = await client.send({ method, kind: 'write', path: `${type}/${id}`, headers, ...(body !== undefined ? { body } : {}) }, c);
  return answerOf(response.status, parsed(response.text), response, method);
}

/** A body that may be JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
