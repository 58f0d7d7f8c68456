import type { RecordError } from '../../errors/record-error.js';
import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { Context } from '../connector.js';
import { statusOf } from './answer.js';
import type { FhirClient } from './client.js';
import { targetOf, type Operation } from './operations.js';
import { ID_TAG } from './identity.js';
import { isResource, parsed } from './parsed.js';
import type { StoredResource } from './resource.js';
import { searchAll } from './search.js';
import { shows } from './shown.js';

/**
 * Looks whether an operation was done whose answer does not show it. @returns the record's error
 * where it was not; undefined where it was.
 * @throws SystemFailure, Cancelled.
 */
export async function confirm(
  client: FhirClient,
  operation: Operation,
  serverAdds: readonly string[],
  c: Context,
): Promise<RecordError | undefined> {
  if (operation.create !== undefined) return (await created(client, operation, serverAdds, c)) ? undefined : notWritten(operation);
  const { answer, verdict } = await settle(
    () => client.send({ method: 'GET', kind: 'read', path: targetOf(operation) }, c),
    (each) => ({ place: 'read one', came: statusOf(each) }),
    () => client.isHealthy(operation.type, '_id', c),
  );
  const removing = operation.method === 'DELETE';
  if (verdict.kind === 'absent') return removing ? undefined : notWritten(operation);
  if (verdict.kind === 'record') return notWritten(operation, answer.status);
  const found = parsed(answer.text);
  const place = `Looking whether the FHIR server has ${targetOf(operation)}`;
  if (verdict.kind !== 'done') throw failureOfStatus(systemCodeOf(verdict), answer, place);
  if (!isResource(found)) throw failureOfStatus('BadResponse', answer, place);
  return !removing && shows(found, operation, { base: client.base, serverAdds }) ? undefined : notWritten(operation);
}

/**
 * What a conditional create made, as its own search shows it; undefined where it does not. @throws
 * SystemFailure, Cancelled
 */
export async function created(
  client: FhirClient,
  operation: Operation,
  serverAdds: readonly string[],
  c: Context,
): Promise<StoredResource | undefined> {
  const { type, id } = operation;
  const { found } = await searchAll(client, type, '_tag', [`${ID_TAG}|${id}`], c);
  return found.find((each) => shows(each, operation, { base: client.base, serverAdds }));
}

function notWritten(operation: Operation, status?: number): RecordError {
  const wanted = operation.method === 'DELETE' ? `that ${targetOf(operation)} is removed` : `${targetOf(operation)} as it was sent`;
  return {
    code: 'NotWritten',
    ...(status !== undefined ? { status } : {}),
    message: `The FHIR server answered as if it was done, but does not show ${wanted}.`,
    remedy:
      'See the FHIR server’s log at this time, and what stands between; name in serverAdds of “to” what the server itself changes in such a resource.',
  };
}
