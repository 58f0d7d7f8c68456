import { allOk, parseSearchRequest } from '@medplum/core';
import { readJson, writeJson } from '../../json/json.js';
import type { InteractionRequest } from './interact.js';
import { notSupported, refusal } from './outcomes.js';
import type { FhirRepository } from './repository.js';
import type { Resource } from './resource.js';
import type { Interaction } from './respond.js';

export interface Entry {
  fullUrl?: string;
  resource?: Resource;
  request: { method: string; url: string; ifMatch?: string; ifNoneExist?: string };
}

type Resolved = { request: InteractionRequest; created?: true } | { done: Interaction };

/**
 * Entries as single requests: creations and conditional writes have their ids, and references to an
 * entry’s `urn:uuid` lead to it.
 * @throws OperationOutcomeError where a transaction has the same resource twice, or a condition
 * fits several.
 */
export async function resolveEntries(entries: Entry[], repository: FhirRepository, whole: boolean): Promise<Resolved[]> {
  const targets = new Map<string, string>();
  const resolved: Resolved[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    const item = await resolve(entry, repository);
    const target = 'request' in item ? item.request.url : `${item.done.resource?.resourceType ?? ''}/${item.done.resource?.id ?? ''}`;
    if (whole && entry.request.method !== 'GET' && seen.has(target)) throw refusal('duplicate', 'invalid', `${target} is there twice`);
    seen.add(target);
    if (entry.fullUrl?.startsWith('urn:') === true) targets.set(entry.fullUrl, target);
    resolved.push(item);
  }
  return targets.size === 0 ? resolved : resolved.map((item) => redirected(item, targets));
}

async function resolve({ resource, request }: Entry, repository: FhirRepository): Promise<Resolved> {
  const { method, url, ifMatch, ifNoneExist } = request;
  const [type = '', query] = url.split('?');
  const condition = method === 'POST' ? ifNoneExist : method === 'PUT' ? query : undefined;
  if (condition === undefined && method !== 'POST')
    return { request: { method, url, body: resource, ...(ifMatch !== undefined ? { headers: { 'if-match': ifMatch } } : {}) } };
  const found = condition === undefined ? [] : await matches(`${type}?${condition}`, repository);
  if (found.length > 1) throw refusal('multiple-matches', 'multiple-matches', `${type} has several that fit`);
  const [existing] = found;
  if (existing && method === 'POST') return { done: { status: 200, outcome: allOk, resource: existing } };
  const id = existing?.id ?? repository.generateId();
  // The router gives a creation an id of its own; here it must be known beforehand.
  return { request: { method: 'PUT', url: `${type}/${id}`, body: { ...resource, id } }, ...(existing ? {} : { created: true }) };
}

async function matches(query: string, repository: FhirRepository): Promise<Resource[]> {
  if (!repository.behaviour.conditional) throw notSupported('No conditional writes here');
  return (await repository.searchResources({ ...parseSearchRequest(query), count: 2 })) as unknown as Resource[];
}

function redirected(item: Resolved, targets: Map<string, string>): Resolved {
  if (!('request' in item) || item.request.body === undefined) return item;
  let text = writeJson(item.request.body);
  for (const [from, to] of targets) text = text.replaceAll(`"${from}"`, `"${to}"`);
  return { ...item, request: { ...item.request, body: readJson(text) } };
}
