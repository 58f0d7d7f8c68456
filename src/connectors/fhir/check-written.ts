import type { InternalSchemaElement, InternalTypeSchema } from '@medplum/core';
import type { Written, WrittenProblem } from '../written.js';
import { elementOf, isComplex, isNoChoice, typeOf } from './r4/elements.js';
import { digitsAsNumber } from './r4/exact-numbers.js';
import { isSurelyPrimitive } from './r4/primitives.js';
import { isResourceType, schemaOf } from './r4/structures.js';
import { timeProblem } from './r4/times.js';
import { missedValueSet } from './r4/value-sets.js';
import { fhirDestinationSettings, typesOf } from './settings.js';

/** What stands beside the elements of any object. */
const BESIDE = ['resourceType', 'id', 'extension', 'fhir_comments'];
/** Values of a value set that are named. */
const MAX_NAMED = 12;

/**
 * What is wrong with the written-out parts of a mapping: with what it makes for any record.
 */
export function checkWritten(settings: unknown, written: Written): WrittenProblem[] {
  const types = typesOf(fhirDestinationSettings.parse(settings));
  return resourcesIn(written).flatMap((resource) => resourceProblems(resource, types));
}

type WrittenObject = Extract<Written, { kind: 'object' }>;

/** The objects that an expression may give as a whole. */
function resourcesIn(written: Written): WrittenObject[] {
  if (written.kind === 'either') return written.options.flatMap(resourcesIn);
  return written.kind === 'object' ? [written] : [];
}

function resourceProblems(resource: WrittenObject, types: string[]): WrittenProblem[] {
  const named = resource.members.find(({ name }) => name === 'resourceType');
  if (!named) {
    if (!resource.isWhole) return [];
    return [
      {
        position: resource.position,
        message: 'The resource has no "resourceType".',
        allowed: types.map((type) => `"resourceType": "${type}"`).join(' or '),
      },
    ];
  }
  if (named.value.kind !== 'value') return [];
  const { value, position } = named.value;
  const type = String(value);
  if (!types.includes(type)) {
    const why = isResourceType(type) ? 'is not among the types that are written' : 'is no resource type of FHIR R4';
    return [{ position, message: `"${type}" ${why}.`, allowed: types.join(', '), given: type, meant: types }];
  }
  const schema = schemaOf(type);
  return schema ? objectProblems(resource, schema, type) : [];
}

function objectProblems({ members }: WrittenObject, schema: InternalTypeSchema, path: string): WrittenProblem[] {
  return members.flatMap(({ name, position, value }) => {
    const element = elementOf(schema, name);
    if (element) return elementProblems(value, element, typeOf(element, name), `${path}.${name}`);
    const isOfPrimitive = name.startsWith('_') && elementOf(schema, name.slice(1)) !== undefined;
    if ((BESIDE.includes(name) && !isNoChoice(schema, name)) || isOfPrimitive) return [];
    const known = namesOf(schema);
    return [
      {
        position,
        message: `${path} has no element "${name}" in FHIR R4.`,
        allowed: known.slice(0, MAX_NAMED).join(', '),
        given: name,
        meant: known,
      },
    ];
  });
}

/** Names of elements as they stand in JSON. */
function namesOf({ elements }: InternalTypeSchema): string[] {
  return Object.entries(elements).flatMap(([key, { type }]) =>
    key.endsWith('[x]') ? type.map(({ code }) => key.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1)) : [key],
  );
}

function elementProblems(written: Written, element: InternalSchemaElement, type: string, path: string): WrittenProblem[] {
  switch (written.kind) {
    case 'either':
      return written.options.flatMap((each) => elementProblems(each, element, type, path));
    case 'list':
      if (!element.isArray && written.items.length > 1)
        return [{ position: written.position, message: `${path} is one value in FHIR R4, not a list.` }];
      return written.items.flatMap((each) => elementProblems(each, element, type, path));
    case 'object':
      return withinProblems(written, element, type, path);
    case 'value':
      return valueProblems(written.value, written.position, element, type, path);
    case 'open':
      return [];
  }
}

function withinProblems(written: WrittenObject, element: InternalSchemaElement, type: string, path: string): WrittenProblem[] {
  if (type !== '' && !isComplex(type)) return [{ position: written.position, message: `${path} is a ${type} in FHIR R4, not an object.` }];
  // Any resource: what is contained says itself what it is.
  const schema = type === '' || type === 'Resource' ? undefined : schemaOf(type);
  if (!schema) return [];
  const within = objectProblems(written, schema, path);
  const literal = literalOf(written);
  const missed = within.length === 0 && literal !== undefined ? missedValueSet(asShaped(literal, type), type, element) : undefined;
  return missed === undefined ? within : [{ position: written.position, message: `${path} must have a coding of ${missed}.` }];
}

function valueProblems(
  value: string | number | boolean | null,
  position: number,
  element: InternalSchemaElement,
  type: string,
  path: string,
): WrittenProblem[] {
  // What is empty is left out.
  if (value === null || value === '' || type === '') return [];
  if (isComplex(type))
    return [{ position, message: `${path} is a ${type} in FHIR R4: an object, not ${kindOf(value)}.`, allowed: '{ … }' }];
  // A text of digits is written as the number where the element takes one.
  const isNumber = digitsAsNumber(value, type) !== value;
  if (!isNumber && !isSurelyPrimitive(value, type) && type !== 'xhtml')
    return [{ position, message: `${path} is a ${type} in FHIR R4, which ${JSON.stringify(value)} is not.` }];
  const untimely = timeProblem(value, type);
  if (untimely !== undefined) return [{ position, message: `${path}: ${untimely}.` }];
  const missed = missedValueSet(value, type, element);
  if (missed === undefined) return [];
  return [{ position, message: `"${String(value)}" is no code of ${missed}, as ${path} must be.` }];
}

function kindOf(value: string | number | boolean): string {
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'true or false';
}

/** As plain data, where all of it is written out. */
function literalOf(written: Written): unknown {
  if (written.kind === 'value') return written.value;
  if (written.kind === 'list') {
    const items = written.items.map(literalOf);
    return items.includes(undefined) ? undefined : items;
  }
  if (written.kind !== 'object' || !written.isWhole) return undefined;
  const members = written.members.map(({ name, value }) => [name, literalOf(value)] as const);
  return members.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(members);
}

/** JSONata gives a list of one as often as the one itself. */
function asShaped(literal: unknown, type: string): unknown {
  if (type !== 'CodeableConcept' || typeof literal !== 'object' || literal === null) return literal;
  const { coding } = literal as { coding?: unknown };
  return { ...literal, ...(coding === undefined ? {} : { coding: [coding].flat() }) };
}
