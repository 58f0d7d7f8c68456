import type { Context } from '../connector.js';
import { answerOf, type Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { targetOf, type Operation } from './operations.js';
import { isResource, parsed } from './parsed.js';

/** One operation by a request of its own. @throws SystemFailure, Cancelled where there is no answer. */
export async function writeSingle(client: FhirClient, operation: Operation, c: Context): Promise<Answer> {
  const { method, body, version } = operation;
  const headers = version !== undefined && method === 'PUT' ? { 'if-match': `W/"${version}"` } : {};
  const response = await client.send(
    { method, kind: 'write', path: targetOf(operation), headers, ...(body !== undefined ? { body } : {}) },
    c,
  );
  const said = parsed(response.text);
  // A sign-in page or a proxy may answer 200 for the server: nothing was written then.
  const strange = response.status < 300 && response.text.trim() !== '' && !isResource(said);
  return answerOf(strange ? 'BadResponse' : response.status, said, response, method);
}
