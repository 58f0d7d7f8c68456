import type { EntityTypeDefinition } from '../definition/definition.js';

/** The expressions of lists of items, and of what tells their items apart. */
export function eachTexts({ each = {} }: Pick<EntityTypeDefinition, 'each'>): string[] {
  return Object.values(each).flatMap(({ list, id }) => [list, id]);
}
