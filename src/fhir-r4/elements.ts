import type { InternalSchemaElement, InternalTypeSchema } from '@medplum/core';

/** What a schema knows of a member by its name in JSON, e.g. of `valueQuantity` what it says of `value[x]`. */
export function elementOf(schema: InternalTypeSchema, name: string): InternalSchemaElement | undefined {
  const own = schema.elements[name];
  if (own) return own;
  return Object.entries(schema.elements).find(([key]) => key.endsWith('[x]') && name.startsWith(key.slice(0, -3)))?.[1];
}

/** The datatype of a member by its name in JSON; empty where that fits none of several. */
export function typeOf(element: InternalSchemaElement, name: string): string {
  const [only] = element.type;
  if (element.type.length === 1 && only) return only.code;
  return element.type.find(({ code }) => name.toLowerCase().endsWith(code.toLowerCase()))?.code ?? '';
}
