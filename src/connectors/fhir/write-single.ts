import type { Context } from '../connector.js';
import { answerOf, isOutcome, type Answer } from './answer.js';
import type { FhirClient } from './client.js';
import { ifMatchOf } from './ids.js';
import { targetOf, type Operation } from './operations.js';
import { isResource, parsed } from './parsed.js';
import { shows, type Comparing } from './shown.js';

/**
 * One operation by a request of its own. @throws SystemFailure, Cancelled where there is no answer.
 */
export async function writeSingle(client: FhirClient, operation: Operation, serverAdds: readonly string[], c: Context): Promise<Answer> {
  const { method, body, version, create } = operation;
  const ifMatch = method === 'PUT' ? ifMatchOf(version) : undefined;
  const headers = ifMatch !== undefined ? { 'if-match': ifMatch } : {};
  const response = await client.send(
    create !== undefined
      ? { method: 'POST', kind: 'write', path: operation.type, headers: { 'if-none-exist': create }, body: withoutOwnId(body) }
      : { method, kind: 'write', path: targetOf(operation), headers, ...(body !== undefined ? { body } : {}) },
    c,
  );
  const said = parsed(response.text);
  // A sign-in page or a proxy may answer 200 for the server: nothing was written then.
  const strange = response.status < 300 && response.text.trim() !== '' && !isResource(said);
  const shown = showsItself(response.status, said, operation, { base: client.base, serverAdds });
  return answerOf(strange ? 'BadResponse' : cameOf(response.status, operation), said, response, { method, shown });
}

/** A body that is created has an id that its server gives. */
export function withoutOwnId(body: unknown): unknown {
  const { id: _id, ...rest } = body as Record<string, unknown>;
  return rest;
}

/**
 * A conditional create that finds something (200) has stored nothing: as with a version that is not
 * the stored one, it is looked at again.
 */
export function cameOf(status: number, { create }: Operation): number {
  return create !== undefined && status === 200 ? 412 : status;
}

/** Whether an answer to one operation, by itself or as an entry, shows that it was done. */
export function showsItself(status: number, body: unknown, operation: Operation, comparing: Comparing): boolean {
  if (operation.method === 'PUT') return shows(body, operation, comparing);
  return status === 204 || (status === 200 && isOutcome(body));
}
