import { allOk, getStatus, OperationOutcomeError } from '@medplum/core';
import type { FhirRepository } from './repository.js';
import type { Resource } from './resource.js';
import type { Interaction } from './respond.js';

/**
 * `POST Type/$validate` of a resource: 200 with what would be wrong with it; undefined where the
 * request is another one.
 */
export function validateOperation(
  { method, url, body }: { method: string; url: string; body?: unknown },
  repository: FhirRepository,
): Interaction | undefined {
  if (method !== 'POST' || !/^\w+\/\$validate$/.test(url)) return undefined;
  try {
    repository.wouldTake(body as Resource);
    return { status: 200, outcome: { ...allOk } };
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    const status = repository.behaviour.validation ? 200 : getStatus(error.outcome);
    return { status, outcome: error.outcome };
  }
}
