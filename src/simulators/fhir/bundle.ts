import { STATUS_CODES } from 'node:http';
import { OperationOutcomeError, isOk } from '@medplum/core';
import type { FhirRouter } from '@medplum/fhir-router';
import type { FhirBehaviour } from './behaviour.js';
import { interact } from './interact.js';
import { isCarriedOut, notCarriedOut, oddAnswerTo, oddEntry } from './odd-answers.js';
import { notSupported, refusal } from './outcomes.js';
import { resolveEntries, type Entry } from './bundle-entries.js';
import type { FhirRepository } from './repository.js';
import type { Interaction } from './respond.js';

const ORDER = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET'];

/**
 * Batches and transactions. The router has them too, but takes at most 50 updates in a transaction
 * (8 where one is conditional), and its entries lack versions; so bundles are taken apart here, and
 * the router does each entry. @throws OperationOutcomeError
 */
export async function processBundle(body: unknown, router: FhirRouter, repository: FhirRepository): Promise<object> {
  const { resourceType, type, entry = [] } = (body ?? {}) as { resourceType?: string; type?: string; entry?: Entry[] };
  if (resourceType !== 'Bundle') throw refusal('not-a-bundle', 'invalid', 'Not a bundle');
  if (type === 'batch') return answer('batch', entry, await inOrder(entry, router, repository, false), repository);
  if (type !== 'transaction' || !repository.behaviour.transactions) throw notSupported(`No bundles of type ${type ?? '?'} here`);
  return repository.withTransaction(async () => answer(type, entry, await inOrder(entry, router, repository, true), repository));
}

async function inOrder(entries: Entry[], router: FhirRouter, repository: FhirRepository, whole: boolean): Promise<Interaction[]> {
  const resolved = await resolveEntries(entries, repository, whole);
  const results = new Array<Interaction>(entries.length);
  const order = resolved.map((_, index) => index).sort((a, b) => rank(resolved[a]) - rank(resolved[b]) || a - b);
  for (const index of order) {
    const item = resolved[index];
    if (!item) continue;
    const odd = 'request' in item ? oddAnswerTo(item.request, repository.behaviour) : undefined;
    const asked = async (): Promise<Interaction> => ('done' in item ? item.done : interact(router, repository, item.request));
    const result = isCarriedOut(odd) ? await asked() : notCarriedOut;
    // Deleting what is not there fails no transaction: the aim is reached.
    const isGone = 'request' in item && item.request.method === 'DELETE' && [404, 410].includes(result.status);
    if (whole && !isOk(result.outcome) && !isGone) throw new OperationOutcomeError(result.outcome);
    results[index] = 'created' in item && isOk(result.outcome) ? { ...result, status: 201 } : result;
  }
  return results;
}

function rank(item: Awaited<ReturnType<typeof resolveEntries>>[number] | undefined): number {
  return item && 'request' in item ? ORDER.indexOf(item.request.method) : -1;
}

function answer(type: string, entries: Entry[], results: Interaction[], { behaviour }: FhirRepository): object {
  const entry = results.map((each, index) => {
    const { request, resource } = entries[index] ?? {};
    const odd = request && isOk(each.outcome) ? oddAnswerTo({ ...request, body: resource }, behaviour) : undefined;
    return odd ? oddEntry(odd, each) : entryOf(each, request?.method === 'GET', behaviour);
  });
  return { resourceType: 'Bundle', type: `${type}-response`, entry };
}

/** What was written comes without its content; what was read, with it. */
function entryOf({ status, outcome, resource }: Interaction, isRead: boolean, { etags }: FhirBehaviour): object {
  const words = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  if (!isOk(outcome)) return { response: { status: words, outcome } };
  const version = resource?.meta?.versionId;
  if (!resource || version === undefined) return { ...(resource ? { resource } : {}), response: { status: words } };
  const location = `${resource.resourceType}/${resource.id}/_history/${version}`;
  const response = { status: words, location, lastModified: resource.meta?.lastUpdated, ...(etags ? { etag: `W/"${version}"` } : {}) };
  return { ...(isRead ? { resource } : {}), response };
}
