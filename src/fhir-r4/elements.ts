import type { InternalSchemaElement, InternalTypeSchema } from '@medplum/core';

/** What a schema knows of a member by its name in JSON, e.g. of `valueQuantity` what it says of `value[x]`. */
export function elementOf(schema: InternalTypeSchema, name: string): InternalSchemaElement | undefined {
  if (Object.hasOwn(schema.elements, name)) return schema.elements[name];
  return choicesOf(schema).find(({ begin }) => name.startsWith(begin))?.element;
}

interface Choice {
  begin: string;
  element: InternalSchemaElement;
}

const choices = new WeakMap<InternalTypeSchema, Choice[]>();

/** Elements of several types, by what their names begin with; worked out once, since each record asks. */
function choicesOf(schema: InternalTypeSchema): Choice[] {
  const known = choices.get(schema);
  if (known) return known;
  const found = Object.entries(schema.elements).flatMap(([key, element]) =>
    key.endsWith('[x]') ? [{ begin: key.slice(0, -3), element }] : [],
  );
  choices.set(schema, found);
  return found;
}

/** The datatype of a member by its name in JSON; empty where that fits none of several. */
export function typeOf(element: InternalSchemaElement, name: string): string {
  const [only] = element.type;
  if (element.type.length === 1 && only) return only.code;
  return element.type.find(({ code }) => name.toLowerCase().endsWith(code.toLowerCase()))?.code ?? '';
}
