import { getStatus } from '@medplum/core';
import type { OperationOutcome } from '@medplum/fhirtypes';
import type { SimulatedResponse } from '../server.js';
import type { FhirBehaviour } from './behaviour.js';
import type { Resource } from './resource.js';

/** What became of one interaction, by itself or as an entry of a bundle. */
export interface Interaction {
  status: number;
  outcome: OperationOutcome;
  resource?: Resource;
}

export const FHIR_JSON = 'application/fhir+json';

/** The HTTP answer to one interaction. */
export function respond({ status, outcome, resource }: Interaction, behaviour: FhirBehaviour): SimulatedResponse {
  if (status === 204) return { status };
  const body = resource ?? outcome;
  return { status, headers: { 'content-type': FHIR_JSON, ...versionHeaders(status, resource, behaviour) }, body };
}

export function refuse(outcome: OperationOutcome): SimulatedResponse {
  return { status: getStatus(outcome), headers: { 'content-type': FHIR_JSON }, body: outcome };
}

function versionHeaders(status: number, resource: Resource | undefined, { etags }: FhirBehaviour): Record<string, string> {
  const version = resource?.meta?.versionId;
  if (!resource || version === undefined) return {};
  return {
    ...(etags ? { etag: `W/"${version}"` } : {}),
    ...(resource.meta?.lastUpdated !== undefined ? { 'last-modified': new Date(resource.meta.lastUpdated).toUTCString() } : {}),
    ...(status === 201 ? { location: `${resource.resourceType}/${resource.id}/_history/${version}` } : {}),
  };
}
