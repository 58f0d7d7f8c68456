import { MappingFailed, type Mapping, type MappingScope } from './mapping.js';
import { parentRefKey } from './parent-refs.js';

/**
 * Makes `$parent` and `$ref` for one record. A parent that was not announced was not looked up: to give nothing for it would lose a
 * reference unseen, so it is an error of the record.
 */
export function scopeHelpers(announced: Mapping['parentRefs']): (scope: MappingScope) => Record<string, unknown> {
  const known = new Set(announced.map(({ entityType, name }) => parentRefKey(entityType, name)));
  return (scope) => ({
    parent: (entityType: string, name: string) => {
      if (known.has(parentRefKey(entityType, name))) return scope.parent(entityType, name);
      throw new MappingFailed({
        code: 'MappingFailed',
        message: '$parent is called in a way that cannot be seen before the expression runs.',
        remedy: 'Call $parent with names written out, outside $eval.',
      });
    },
    ref: (name: string) => scope.ref(name),
  });
}
