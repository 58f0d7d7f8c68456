import type { InternalSchemaElement, InternalTypeSchema } from '@medplum/core';
import { ExactNumber } from '../../../json/exact-number.js';
import { holdsSurely } from './invariants.js';
import { isSurelyPrimitive } from './primitives.js';
import { schemaOf } from './structures.js';
import { missedValueSet } from './value-sets.js';
import { getOwn } from '../../../model/keyed.js';

type Json = Record<string, unknown>;

/** What is known of one member of an object, by the name it has in JSON. */
interface Member {
  element: InternalSchemaElement;
  /** Name in the schema, e.g. `value[x]` for `valueQuantity`. */
  name: string;
  type: string;
}

interface Shape {
  members: Map<string, Member>;
  /** Members in the schema that must be there. */
  required: string[];
  schema: InternalTypeSchema;
}

const shapes = new Map<string, Shape | undefined>();

/**
 * Whether a resource is surely valid, by Medplum’s validator and by required value sets: a quick
 * look at what mappings usually give, some thirty times as fast. `false` says nothing: then the
 * validator is to be asked.
 */
export function isSurelyValid(resource: Json): boolean {
  const { resourceType } = resource;
  const shape = typeof resourceType === 'string' ? shapeOf(resourceType) : undefined;
  return shape !== undefined && holdsSurely(shape.schema.constraints, resource) && objectFits(resource, shape, true);
}

function objectFits(value: Json, { members, required }: Shape, isResource: boolean): boolean {
  const seen: string[] = [];
  for (const key of Object.keys(value)) {
    if (isResource && key === 'resourceType') continue;
    const member = members.get(key);
    // Two members of one choice are told apart by the validator.
    if (!member || seen.includes(member.name) || !memberFits(getOwn(value, key), member)) return false;
    seen.push(member.name);
  }
  return seen.length > 0 && required.every((name) => seen.includes(name));
}

function memberFits(value: unknown, { element, type }: Member): boolean {
  if (!element.isArray) return valueFits(value, element, type);
  if (!Array.isArray(value) || value.length === 0 || value.length < element.min || value.length > element.max) return false;
  // Not `every`, which passes over holes.
  for (const each of value) if (!valueFits(each, element, type)) return false;
  return true;
}

function valueFits(value: unknown, element: InternalSchemaElement, type: string): boolean {
  const { constraints } = element;
  if (missedValueSet(value, type, element) !== undefined) return false;
  if (typeof value !== 'object') return isSurelyPrimitive(value, type) && holdsSurely(constraints, value);
  if (value === null || Array.isArray(value) || value instanceof ExactNumber) return false;
  const shape = shapeOf(type);
  return shape !== undefined && holdsSurely(constraints, value as Json) && objectFits(value as Json, shape, false);
}

function shapeOf(type: string): Shape | undefined {
  if (!shapes.has(type)) shapes.set(type, compile(type));
  return shapes.get(type);
}

/**
 * Undefined where the type holds what only the validator knows: fixed values, patterns, slices, any
 * resource.
 */
function compile(type: string): Shape | undefined {
  const schema = schemaOf(type);
  if (!schema) return undefined;
  const members = new Map<string, Member>();
  const required: string[] = [];
  for (const [name, element] of Object.entries(schema.elements)) {
    if (element.fixed !== undefined || element.pattern !== undefined || element.slicing !== undefined) return undefined;
    if (element.min > 0) required.push(name);
    for (const { code } of element.type) {
      const key = name.endsWith('[x]') ? name.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1) : name;
      members.set(key, { element, name, type: code });
    }
  }
  return { members, required, schema };
}
