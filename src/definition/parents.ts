import type { EntityTypeDefinition } from './definition.js';

type Parented = Pick<EntityTypeDefinition, 'dependsOn' | 'parents'>;

/** Entity types of the same process that must come before this one, whichever way they go. */
export function dependenciesOf({ dependsOn, parents }: Parented): string[] {
  const written = Object.values(parents).flatMap((parent) => ('writtenFrom' in parent ? [parent.writtenFrom] : []));
  return [...new Set([...Object.keys(dependsOn), ...written])];
}

/** An expression that says which parent a record has. */
export interface ParentExpression {
  /** The name under which `$parent` gives it. */
  name: string;
  text: string;
  /** Where it stands in the definition of its entity type. */
  at: string;
}

/**
 * Those of an entity type: of parents under `dependsOn` they give the id, of others a reference or
 * a value.
 */
export function parentExpressions({ dependsOn, parents }: Parented): ParentExpression[] {
  const own = Object.entries(dependsOn).map(([name, text]) => ({ name, text, at: `dependsOn.${name}` }));
  const elsewhere = Object.entries(parents).flatMap(([name, parent]): ParentExpression[] => {
    if ('writtenFrom' in parent) return [{ name, text: parent.reference, at: `parents.${name}.reference` }];
    return parent.value === undefined ? [] : [{ name, text: parent.value, at: `parents.${name}.find.value` }];
  });
  return [...own, ...elsewhere];
}
