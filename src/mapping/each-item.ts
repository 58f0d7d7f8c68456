import type { CompiledExpression } from './expression.js';
import { itemName } from './item-name.js';
import { MappingFailed, type MappingDefinition } from './mapping.js';
import { notQuick } from './quick/not-quick.js';
import { isUsableText } from './usable-text.js';

/** A list of which each item makes a resource. */
export interface CompiledEach {
  list: CompiledExpression;
  id: CompiledExpression;
}

/** An item, and the name of its resource. */
export interface NamedItem {
  name: string;
  item: unknown;
}

/** Items by resource name. */
export type Items = ReadonlyMap<string, NamedItem[]>;

/** Compiles the lists of an entity type, by resource name. */
export function compileEach(
  { each = {} }: MappingDefinition,
  compile: (name: string, source: string, of: 'list' | 'item') => CompiledExpression,
): ReadonlyMap<string, CompiledEach> {
  return new Map(
    Object.entries(each).map(([name, { list, id }]) => [
      name,
      { list: compile(`map.${name}.each`, list, 'list'), id: compile(`map.${name}.id`, id, 'item') },
    ]),
  );
}

/**
 * The items of a record. What is no list is a list of one; nothing is none. `mostItems`: from more
 * on, notQuick is thrown. @throws MappingFailed
 */
export async function itemsOf(each: ReadonlyMap<string, CompiledEach>, input: unknown, mostItems: number): Promise<Items> {
  const found = new Map<string, NamedItem[]>();
  for (const [resource, { list, id }] of each) {
    const given = await list.run(input, {});
    const items: unknown[] = Array.isArray(given) ? given : [given];
    if (items.length > mostItems) throw notQuick;
    const named = new Map<string, NamedItem>();
    for (const item of items) {
      if (item === undefined || item === null) continue;
      const name = itemName(resource, idOf(resource, await id.run(input, { item })));
      if (named.has(name)) throw failed(resource, 'ItemIdTwice', 'gives two items the same id');
      named.set(name, { name, item });
    }
    found.set(resource, [...named.values()]);
  }
  return found;
}

/**
 * What `$ref(name, id)` gives: of resources for each item, those of all, or the one of this id;
 * undefined where there is no such.
 */
export function refAmong(items: Items, ref: (name: string) => unknown): (name: string, id?: unknown) => unknown {
  return (name, id) => {
    const own = items.get(name);
    if (!own) return ref(name);
    if (id === undefined) return own.map((each) => ref(each.name));
    const wanted = typeof id === 'string' || typeof id === 'number' ? itemName(name, String(id)) : undefined;
    return own.some((each) => each.name === wanted) && wanted !== undefined ? ref(wanted) : undefined;
  };
}

function idOf(resource: string, id: unknown): string {
  if (typeof id === 'number') return String(id);
  if (typeof id === 'string' && id !== '' && isUsableText(id)) return id;
  throw failed(resource, 'ItemIdMissing', 'gives an item neither a number nor a text that can be an id');
}

function failed(resource: string, code: string, what: string): MappingFailed {
  const expression = `map.${resource}.id`;
  return new MappingFailed({
    code,
    message: `${expression} ${what}.`,
    remedy:
      'Correct the record in its source, let the expression give what tells each item from the others, or leave such items out of “each”.',
    expression,
    path: expression,
  });
}
