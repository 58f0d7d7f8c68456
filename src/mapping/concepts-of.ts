import jsonata from 'jsonata';
import type { EntityTypeDefinition } from '../definition/definition.js';
import { parentExpressions } from '../definition/parents.js';
import { eachTexts } from './each-texts.js';
import { functionsCalled } from './functions-called.js';
import { namedConcepts } from './named-concepts.js';

/**
 * Concepts that the expressions of an entity type name, one of a group as `Group »
 * Concept`, each group before what is in it. Names that are put together while an expression runs
 * are not among them. @throws Error of JSONata for an expression that does not parse: the
 * definition check refuses it before.
 */
export function conceptsOf(
  entityType: Pick<EntityTypeDefinition, 'dependsOn' | 'parents' | 'to' | 'when' | 'map' | 'each' | 'functions' | 'concepts'>,
): string[] {
  const { to, when, map, functions, concepts } = entityType;
  const parents = parentExpressions(entityType).map(({ text }) => text);
  const keys = Object.values(to.keys).map(({ value }) => value);
  const texts = [...parents, ...keys, ...(when !== undefined ? [when] : []), ...Object.values(map), ...eachTexts(entityType)];
  const all = [...texts, ...Object.values(functionsCalled(texts, functions))];
  return [...new Set(all.flatMap((text) => namedConcepts(jsonata(text).ast(), concepts.in)))];
}
