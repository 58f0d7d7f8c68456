import jsonata from 'jsonata';
import { findCalls } from './find-calls.js';
import { functionsCalled } from './functions-called.js';
import { itemName } from './item-name.js';
import type { Mapping } from './mapping.js';

/**
 * Which parents, and which of their resources, expressions, and functions that they call, ask
 * `$parent` for by a written-out name.
 */
export function parentRefsOf(expressions: string[], functions: Readonly<Record<string, string>> = {}): Mapping['parentRefs'] {
  const refs = new Map<string, { entityType: string; name?: string }>();
  for (const expression of [...expressions, ...Object.values(functionsCalled(expressions, functions))])
    for (const [entityType, resource, id] of findCalls(jsonata(expression).ast(), 'parent'))
      if (entityType !== undefined) {
        const name = resource !== undefined && id !== undefined ? itemName(resource, id) : resource;
        refs.set(`${entityType} ${name ?? ''}`, { entityType, ...(name !== undefined ? { name } : {}) });
      }
  return [...refs.values()];
}
