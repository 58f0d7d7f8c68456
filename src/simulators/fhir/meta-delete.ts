import { allOk, getStatus, OperationOutcomeError } from '@medplum/core';
import { refusal } from './outcomes.js';
import type { FhirRepository } from './repository.js';
import type { Meta } from './resource.js';
import type { Interaction } from './respond.js';

interface Parameters {
  parameter?: { name?: string; valueMeta?: Meta }[];
}

/** `POST Type/id/$meta-delete`: undefined where the request is another one. */
export function metaDelete(
  { method, url, body }: { method: string; url: string; body?: unknown },
  repository: FhirRepository,
): Interaction | undefined {
  const [, type, id] = /^(\w+)\/([\w.-]+)\/\$meta-delete$/.exec(url) ?? [];
  if (method !== 'POST' || type === undefined || id === undefined) return undefined;
  try {
    const gone = (body as Parameters | undefined)?.parameter?.find(({ name }) => name === 'meta')?.valueMeta;
    if (!gone) throw refusal('no-meta', 'invalid', 'The parameter “meta” is missing');
    const { meta } = repository.metaDelete(type, id, gone);
    const parameter = [{ name: 'return', valueMeta: meta }];
    return { status: 200, outcome: allOk, resource: { resourceType: 'Parameters', parameter } as never };
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return { status: getStatus(error.outcome), outcome: error.outcome };
  }
}
