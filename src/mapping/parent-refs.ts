import { findCalls } from './find-calls.js';
import type { Mapping } from './mapping.js';

/** Thrown for expressions that no record can make right: the definition is at fault. */
export class MappingInvalid extends Error {
  override readonly name = 'MappingInvalid';
  constructor(
    message: string,
    /** Its place in the definition, e.g. `map.visit`. */
    readonly expression: string,
    /** Character of the expression, from 0. */
    readonly position: number,
  ) {
    super(message);
  }
}

/** What the expressions (by name) ask `$parent` for: known beforehand, so that parents are looked up in bulk. @throws MappingInvalid where it cannot be known */
export function parentRefsOf(expressions: Record<string, string>): Mapping['parentRefs'] {
  const refs = new Map<string, { entityType: string; name?: string }>();
  for (const [expression, source] of Object.entries(expressions))
    for (const { literals, position } of findCalls(source, 'parent')) {
      const [entityType, name] = literals ?? [];
      if (!literals || entityType === undefined || (literals.length > 1 && name === undefined))
        throw new MappingInvalid(
          `${expression} must call $parent with names written out, such as $parent("Beneficiary"): parents are looked up before it runs.`,
          expression,
          position,
        );
      refs.set(parentRefKey(entityType, name), { entityType, ...(name !== undefined ? { name } : {}) });
    }
  return [...refs.values()];
}

export function parentRefKey(entityType: string, name: string | undefined): string {
  return `${entityType}\0${name ?? ''}`;
}
