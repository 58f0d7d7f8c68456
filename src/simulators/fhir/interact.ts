import { getStatus, isOk } from '@medplum/core';
import type { FhirRouter, HttpMethod } from '@medplum/fhir-router';
import type { IncomingHttpHeaders } from 'node:http';
import { metaDelete } from './meta-delete.js';
import type { FhirRepository } from './repository.js';
import type { Resource } from './resource.js';
import type { Interaction } from './respond.js';
import { validateOperation } from './validate-operation.js';

export interface InteractionRequest {
  method: string;
  /** Relative to the base. */
  url: string;
  body?: unknown;
  headers?: IncomingHttpHeaders;
}

/**
 * Has the router do one interaction, and gives it the status that R4 asks for where the router
 * knows only 200.
 */
export async function interact(router: FhirRouter, repository: FhirRepository, request: InteractionRequest): Promise<Interaction> {
  const { method, url, body, headers = {} } = request;
  const taken = metaDelete(request, repository) ?? validateOperation(request, repository);
  if (taken) return taken;
  const [outcome, resource] = await router.handleRequest(
    { method: method as HttpMethod, url, pathname: '', params: {}, query: {}, body, headers },
    repository,
  );
  const { createStatus, deleteStatus } = repository.behaviour;
  const status = getStatus(outcome);
  if (!isOk(outcome)) return { status, outcome };
  if (method === 'DELETE') return { status: deleteStatus, outcome };
  if (!resource) return { status, outcome };
  const isNew = method === 'PUT' && repository.isFirst(resource);
  return { status: isNew ? createStatus : status, outcome, resource: resource as unknown as Resource };
}
