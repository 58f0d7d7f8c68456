import {
  OperationOutcomeError,
  tryGetDataType,
  validateResource,
  type InternalSchemaElement,
  type InternalTypeSchema,
} from '@medplum/core';
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { elementOf, isComplex, typeOf } from '../../connectors/fhir/r4/elements.js';
import { withNearNumbers } from '../../connectors/fhir/r4/exact-numbers.js';
import { timeProblem } from '../../connectors/fhir/r4/times.js';
import { brokenRule } from '../../connectors/fhir/r4/type-invariants.js';
import { missedValueSet } from '../../connectors/fhir/r4/value-sets.js';
import { unprocessable } from './outcomes.js';

type Issue = OperationOutcome['issue'][number];

/**
 * Refuses what is not R4: structure by Medplum’s validator, and what is coded outside of required
 * value sets by ours, since it leaves those. @throws OperationOutcomeError
 */
export function validate(given: Resource): void {
  const resource = withNearNumbers(given) as Resource;
  try {
    validateResource(resource);
  } catch (error) {
    throw error instanceof OperationOutcomeError ? unprocessable(error.outcome) : error;
  }
  const issue = issuesOf(resource, tryGetDataType(resource.resourceType), resource.resourceType);
  if (issue.length > 0) throw unprocessable({ resourceType: 'OperationOutcome', issue });
}

/**
 * An issue for each code, coding or concept of an object, at any depth, that is outside the
 * required value set of its element, or is no object at all.
 */
function issuesOf(value: object, schema: InternalTypeSchema | undefined, path: string): Issue[] {
  if (!schema) return [];
  const given = new Set<InternalSchemaElement>();
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const element = elementOf(schema, name);
    if (!element) return [];
    if (given.has(element)) return [invalid('structure', path, 'An element of several types has more than one value')];
    given.add(element);
    const type = typeOf(element, name);
    const one = (each: unknown, at: string): Issue[] => {
      if (typeof each !== 'object' && isComplex(type)) return [invalid('structure', at, `It must be an object, a ${type}`)];
      const untimely = timeProblem(each, type);
      if (untimely !== undefined) return [invalid('value', at, `It is not valid: ${untimely}`)];
      const missed = missedValueSet(each, type, element);
      const issues = missed === undefined ? [] : [invalid('code-invalid', at, outside(each, missed))];
      if (typeof each !== 'object' || each === null) return issues;
      const rule = brokenRule(each as Record<string, unknown>, type, element);
      if (rule !== undefined) issues.push(invalid('invariant', at, `Rule ${rule} of ${type} is broken`));
      return [...issues, ...issuesOf(each, tryGetDataType(typeNameOf(each) ?? type), at)];
    };
    const at = `${path}.${name}`;
    return Array.isArray(member) ? member.flatMap((each, index) => one(each, `${at}[${index}]`)) : one(member, at);
  });
}

function outside(value: unknown, valueSet: string): string {
  return typeof value === 'string'
    ? `The code '${value}' is not in the value set '${valueSet}'`
    : `None of the codings provided are in the value set '${valueSet}', and a coding from it is required`;
}

/** What stands inside as a resource of its own, such as in `contained`, says its type. */
function typeNameOf(value: object): string | undefined {
  return 'resourceType' in value && typeof value.resourceType === 'string' ? value.resourceType : undefined;
}

function invalid(code: Issue['code'], path: string, text: string): Issue {
  return { severity: 'error', code, diagnostics: text, details: { text }, expression: [path] };
}
