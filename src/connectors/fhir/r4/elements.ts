import type { InternalSchemaElement, InternalTypeSchema } from '@medplum/core';
import { getOwn } from '../../../model/keyed.js';

/**
 * What a schema knows of a member by its name in JSON, e.g. of `valueQuantity` what it says of
 * `value[x]`.
 */
export function elementOf(schema: InternalTypeSchema, name: string): InternalSchemaElement | undefined {
  if (Object.hasOwn(schema.elements, name)) return getOwn(schema.elements, name);
  return choicesOf(schema).get(name);
}

const choices = new WeakMap<InternalTypeSchema, ReadonlyMap<string, InternalSchemaElement>>();

/**
 * Members by which elements of several types are given, e.g. `valueQuantity`; worked out once,
 * since each record asks.
 */
function choicesOf(schema: InternalTypeSchema): ReadonlyMap<string, InternalSchemaElement> {
  const known = choices.get(schema);
  if (known) return known;
  const found = new Map<string, InternalSchemaElement>();
  for (const [key, element] of Object.entries(schema.elements))
    if (key.endsWith('[x]'))
      for (const { code } of element.type) found.set(key.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1), element);
  choices.set(schema, found);
  return found;
}

/**
 * Whether a member begins like one of several types and ends in none of them: validators that go by
 * the beginning take it for another.
 */
export function isNoChoice(schema: InternalTypeSchema, name: string): boolean {
  const plain = name.startsWith('_') ? name.slice(1) : name;
  if (elementOf(schema, plain)) return false;
  return Object.keys(schema.elements).some((key) => key.endsWith('[x]') && plain.startsWith(key.slice(0, -3)));
}

/** The datatype of a member by its name in JSON; empty where that fits none of several. */
export function typeOf(element: InternalSchemaElement, name: string): string {
  const [only] = element.type;
  if (element.type.length === 1 && only) return only.code;
  return element.type.find(({ code }) => name.toLowerCase().endsWith(code.toLowerCase()))?.code ?? '';
}

/**
 * Whether a datatype is made of elements, so that its values are objects: the validator takes a
 * number or a boolean in the place of one.
 */
export function isComplex(type: string): boolean {
  return /^[A-Z]/.test(type);
}
