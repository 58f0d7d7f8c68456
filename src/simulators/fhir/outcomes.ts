import { badRequest, OperationOutcomeError, serverError } from '@medplum/core';
import type { OperationOutcome } from '@medplum/fhirtypes';

/**
 * An answer of the server that ends a request, and rolls a transaction back; `id` decides the
 * status, as the router has it.
 */
export function refusal(
  id: string,
  code: OperationOutcome['issue'][number]['code'],
  text: string,
  expression?: string,
): OperationOutcomeError {
  const issue = {
    severity: 'error' as const,
    code,
    diagnostics: text,
    details: { text },
    ...(expression !== undefined ? { expression: [expression] } : {}),
  };
  return new OperationOutcomeError({ resourceType: 'OperationOutcome', id, issue: [issue] });
}

/** 422: the router’s `business-rule` is the one outcome that has this status. */
export function unprocessable(outcome: OperationOutcome): OperationOutcomeError {
  return new OperationOutcomeError({ ...outcome, id: 'business-rule' });
}

/** 412, or 400 on servers that have it so. */
export function stale(status: 400 | 412): OperationOutcomeError {
  return status === 412
    ? refusal('precondition-failed', 'conflict', 'The precondition failed: another version is stored')
    : refusal('stale', 'processing', 'precondition-failed');
}

/** 400 for what this server does not have. */
export function notSupported(text: string): OperationOutcomeError {
  return new OperationOutcomeError({ ...badRequest(text), issue: [{ severity: 'error', code: 'not-supported', diagnostics: text }] });
}

/** 500 for a resource that the server cannot give. */
export function failing(): OperationOutcomeError {
  return new OperationOutcomeError(serverError(new Error('A resource cannot be given')));
}
