import { OperationOutcomeError, tryGetDataType, validateResource, type InternalTypeSchema } from '@medplum/core';
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { elementOf, typeOf } from '../../fhir-r4/elements.js';
import { missedValueSet } from '../../fhir-r4/value-sets.js';
import { unprocessable } from './outcomes.js';

type Issue = OperationOutcome['issue'][number];

/** Refuses what is not R4: structure by Medplum’s validator, and codes outside required value sets by ours, since it leaves those. @throws OperationOutcomeError */
export function validate(resource: Resource): void {
  try {
    validateResource(resource);
  } catch (error) {
    throw error instanceof OperationOutcomeError ? unprocessable(error.outcome) : error;
  }
  const issue = codeIssues(resource, tryGetDataType(resource.resourceType), resource.resourceType);
  if (issue.length > 0) throw unprocessable({ resourceType: 'OperationOutcome', issue });
}

/** An issue for each code of an object, at any depth, that is outside the required value set of its element. */
function codeIssues(value: object, schema: InternalTypeSchema | undefined, path: string): Issue[] {
  if (!schema) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const element = elementOf(schema, name);
    if (!element) return [];
    const type = typeOf(element, name);
    const one = (each: unknown, at: string): Issue[] => {
      if (typeof each === 'object' && each !== null) return codeIssues(each, tryGetDataType(typeNameOf(each) ?? type), at);
      const missed = missedValueSet(each, type, element);
      return missed === undefined ? [] : [codeInvalid(at, `The code '${String(each)}' is not in the value set '${missed}'`)];
    };
    const at = `${path}.${name}`;
    return Array.isArray(member) ? member.flatMap((each, index) => one(each, `${at}[${index}]`)) : one(member, at);
  });
}

/** What stands inside as a resource of its own, such as in `contained`, says its type. */
function typeNameOf(value: object): string | undefined {
  return 'resourceType' in value && typeof value.resourceType === 'string' ? value.resourceType : undefined;
}

function codeInvalid(path: string, text: string): Issue {
  return { severity: 'error', code: 'code-invalid', diagnostics: text, details: { text }, expression: [path] };
}
