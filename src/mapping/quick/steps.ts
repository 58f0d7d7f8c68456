import type { Node } from './nodes.js';

/** What a call of a helper costs, in steps. Of others no bound is known: `$toMillis` may match a text with its picture in many ways. */
const HELPERS: ReadonlyMap<unknown, number> = new Map([
  ['exists', 1],
  ['string', 1],
  ['code', 5],
  ['parent', 10],
  ['ref', 10],
  ['date', 200],
  ['dateTime', 200],
]);

/**
 * Steps that a quick expression takes at most for each value of a record: each of its parts goes
 * over the record once, since none of them calls itself and none is given what another one made
 * to go over it again. Infinity where a helper has no bound.
 */
export function stepsOf(ast: Node): number {
  const seen = new Set<unknown>();
  const visit = (node: unknown): number => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return 0;
    seen.add(node);
    const { type, procedure } = node as Node;
    const call = type === 'function' ? (HELPERS.get((procedure as Node)['value']) ?? Number.POSITIVE_INFINITY) : 0;
    return Object.values(node).reduce((sum: number, child) => sum + visit(child), call + (type === undefined ? 0 : 1));
  };
  return visit(ast);
}
