import { forItem, nameInDefinition } from '../item-name.js';
import type { Mapping, MappingScope } from '../mapping.js';
import type { MapItem, ScopeData } from './messages.js';

/** Works out one thing of one record. @throws what the mapping throws */
export function workOn(mapping: Mapping, { work, scope }: Omit<MapItem, 'body'>, body: unknown): Promise<unknown> {
  return work === 'map' ? mapping.map(body, scopeOf(scope)) : mapping[work](body);
}

function scopeOf({ parents, refs }: ScopeData = { parents: [], refs: [] }): MappingScope {
  return {
    parent: (entityType, name) => parents.find((each) => each.entityType === entityType && each.name === name)?.reference,
    ref: (wanted) => {
      const named = nameInDefinition(wanted);
      const reference = refs.find(({ name }) => name === named)?.reference;
      return named === wanted ? reference : forItem(reference, wanted);
    },
  };
}
