import { settle } from '../../errors/settle.js';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';
import type { Context, WriteOutcome } from '../connector.js';
import { answerOf, incidentOf, statusOf } from './answer.js';
import type { FhirClient } from './client.js';
import { META_LISTS, isEmptyMeta } from './gave.js';
import { remaining } from './meta.js';
import { refused, targetOf, type Operation } from './operations.js';
import { isResource, parsed } from './parsed.js';
import type { Meta } from './resource.js';
import { withSystemFailure } from '../system-outcome.js';

/**
 * Sees to it that what a write left out of `meta` is away: servers that merge tags, security labels
 * and profiles keep it, and take it away by `$meta-delete` alone. Where they do not, a resource
 * that was let go is an error of its record; anything else stays, and is noted in `client`.
 *
 * @returns what went wrong, or undefined
 */
export async function takeAway(client: FhirClient, operation: Operation, c: Context): Promise<WriteOutcome | undefined> {
  const { takeAway: entries, letsGo = false } = operation;
  if (!entries || isEmptyMeta(entries)) return undefined;
  try {
    const left = remaining(await metaOf(client, operation, c), entries);
    if (isEmptyMeta(left)) return undefined;
    await metaDelete(client, operation, left, c);
    if (isEmptyMeta(remaining(await metaOf(client, operation, c), left))) return undefined;
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    return withSystemFailure('unknown', error);
  }
  client.keepsMeta = true;
  return letsGo ? stillTagged(operation) : undefined;
}

async function metaOf(client: FhirClient, operation: Operation, c: Context): Promise<Meta | undefined> {
  const target = targetOf(operation);
  const place = `Reading ${target} on the FHIR server`;
  const { answer, verdict } = await settle(
    () => client.send({ method: 'GET', kind: 'read', path: target }, c),
    (each) => ({ place: 'read one', came: statusOf(each) }),
    () => client.isHealthy(operation.type, '_id', c),
  );
  if (verdict.kind === 'absent') return undefined;
  if (verdict.kind !== 'done') throw failureOfStatus(systemCodeOf(verdict), answer, place);
  const found = parsed(answer.text);
  if (!isResource(found)) throw failureOfStatus('BadResponse', answer, place);
  return (found as { meta?: Meta }).meta;
}

/** What the server answers is seen by looking again, but for its own failures. */
async function metaDelete(client: FhirClient, operation: Operation, entries: Meta, c: Context): Promise<void> {
  const valueMeta = Object.fromEntries(META_LISTS.flatMap((name) => (entries[name] === undefined ? [] : [[name, entries[name]]])));
  const body = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta }] };
  const path = `${targetOf(operation)}/$meta-delete`;
  const { answer, verdict } = await settle<HttpResponse>(
    () => client.send({ method: 'POST', kind: 'write', path, body }, c),
    (response) => incidentOf(answerOf(response.status, parsed(response.text), response, { method: 'POST' }), 'write'),
    () => client.isHealthy(operation.type, '_id', c),
  );
  if (verdict.kind === 'system' && ![403, 404].includes(answer.status))
    throw failureOfStatus(systemCodeOf(verdict), answer, 'Taking tags away on the FHIR server');
}

function stillTagged(operation: Operation): WriteOutcome {
  return refused(
    'CannotLetGo',
    `${targetOf(operation)} is as it stood before it was taken over, but the FHIR server keeps Sangam’s tags on it.`,
    'Take the tags urn:sangam:origin, urn:sangam:adopted and urn:sangam:gave from it in the destination, or switch $meta-delete on there.',
  ).outcome;
}
