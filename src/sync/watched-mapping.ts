import type { EntityTypeDefinition } from '../definition/definition.js';
import { parentExpressions } from '../definition/parents.js';
import { nameInDefinition } from '../mapping/item-name.js';
import type { Mapping, MappingScope } from '../mapping/mapping.js';
import { getOwn } from '../model/keyed.js';

/** What one expression of a definition gave for a record; undefined for nothing. */
export interface Gave {
  /** Where it stands in the definition of its entity type, e.g. `map.visit`. */
  expression: string;
  value: unknown;
}

/** Notes what the expressions give for one record, and by what it refers to others. */
export class Watch {
  readonly gave: Gave[] = [];
  /** What `$parent` and `$ref` gave. */
  readonly references: unknown[] = [];

  constructor(readonly body: unknown) {}
}

/** The same mapping; of the record that is watched it tells what each expression gave. */
export function watchedMapping(mapping: Mapping, definition: EntityTypeDefinition, watch: Watch): Mapping {
  const told = (body: unknown, gave: () => Gave[]): void => {
    if (body === watch.body) watch.gave.push(...gave());
  };
  return {
    parentRefs: mapping.parentRefs,
    accepts: async (body, signal) => {
      const accepted = await mapping.accepts(body, signal);
      told(body, () => (definition.when === undefined ? [] : [{ expression: 'when', value: accepted }]));
      return accepted;
    },
    parentIds: async (body, signal) => {
      const ids = await mapping.parentIds(body, signal);
      told(body, () => parentExpressions(definition).map(({ name, at }) => ({ expression: at, value: getOwn(ids, name) })));
      return ids;
    },
    keys: async (body, signal) => {
      const keys = await mapping.keys(body, signal);
      told(body, () => Object.entries(keys).map(([name, key]) => ({ expression: `to.key.${name}`, value: key.value })));
      return keys;
    },
    map: async (body, scope, signal) => {
      const made = await mapping.map(body, body === watch.body ? watchedScope(scope, watch) : scope, signal);
      const all = Object.entries(made.resources);
      told(body, () =>
        Object.keys(definition.map).flatMap((name) => {
          const own = all.filter(([each]) => nameInDefinition(each) === name);
          return own.length === 0
            ? [{ expression: `map.${name}`, value: undefined }]
            : own.map(([, value]) => ({ expression: `map.${name}`, value }));
        }),
      );
      return made;
    },
  };
}

function watchedScope(scope: MappingScope, { references }: Watch): MappingScope {
  const noted = (reference: unknown): unknown => {
    references.push(reference);
    return reference;
  };
  return { parent: (name, resource) => noted(scope.parent(name, resource)), ref: (name) => noted(scope.ref(name)) };
}
