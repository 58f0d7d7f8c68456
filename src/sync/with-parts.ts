import type { EntityTypeParts } from './parts.js';
import { getOwn, setOwn } from '../model/keyed.js';

/** The same types with some of their parts put in place of others, joined as they were. */
export function withParts(
  types: Record<string, EntityTypeParts>,
  instead: (parts: EntityTypeParts) => Partial<Pick<EntityTypeParts, 'destination' | 'mapping' | 'source'>>,
): Record<string, EntityTypeParts> {
  const made: Record<string, EntityTypeParts> = {};
  for (const [name, parts] of Object.entries(types)) setOwn(made, name, { ...parts, ...instead(parts), parents: {}, children: {} });
  for (const [name, parts] of Object.entries(types)) {
    const own = getOwn(made, name);
    if (!own) continue;
    own.types = parts.types.flatMap(({ definition }) => getOwn(made, definition.name) ?? []);
    own.parents = pick(made, Object.keys(parts.parents));
    own.children = pick(made, Object.keys(parts.children));
  }
  return made;
}

function pick(all: Record<string, EntityTypeParts>, names: string[]): Record<string, EntityTypeParts> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const parts = getOwn(all, name);
      return parts ? [[name, parts] as const] : [];
    }),
  );
}
