import type { Node } from './nodes.js';

/**
 * What a call of a helper costs, in steps. Of others no bound is known: `$toMillis` may match a
 * text with its picture in many ways.
 */
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
 * What a call of a function costs beside its body, and what a list or a text costs that one makes:
 * of a bounded length, but of more than the record has.
 */
const CALL = 20;
const MADE = 100;

/** `loops`: whether it goes over lists, one object for each of their items. */
interface Cost {
  steps: number;
  loops: boolean;
}

const ENDLESS: Cost = { steps: Number.POSITIVE_INFINITY, loops: true };

/**
 * Steps that a quick expression takes at most for each value of a record: each of its parts goes
 * over the record once, and a function's parts do so at each of its calls. Infinity where a helper
 * has no bound, where a function calls itself, or where one goes over a list for each item of
 * another. `functions`: those that it may call, as syntax trees.
 */
export function stepsOf(ast: Node, functions: ReadonlyMap<string, Node> = new Map()): number {
  const known = new Map<string, Cost>();
  const costOf = (name: unknown): Cost => {
    const body = typeof name === 'string' ? functions.get(name) : undefined;
    if (typeof name !== 'string' || !body) return ENDLESS;
    const cost = known.get(name);
    if (cost) return cost;
    // What it is found to be while it is looked through: it calls itself.
    known.set(name, ENDLESS);
    const found = count(body, true, costOf);
    known.set(name, found);
    return found;
  };
  return count(ast, false, costOf).steps;
}

function count(ast: Node, inFunction: boolean, costOf: (name: unknown) => Cost): Cost {
  const seen = new Set<unknown>();
  let loops = false;
  const visit = (node: unknown, inEach: boolean): number => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return 0;
    seen.add(node);
    const { type, value, steps, procedure } = node as Node;
    let sum = type === undefined ? 0 : 1;
    if (type === 'function') sum += called((procedure as Node)['value'], inEach);
    if (inFunction && ((type === 'unary' && value === '[') || (type === 'binary' && value === '&'))) sum += MADE;
    const last: unknown = type === 'path' && Array.isArray(steps) && steps.length > 1 ? steps.at(-1) : undefined;
    const isEach = last !== undefined && (last as Node).type === 'unary';
    loops ||= isEach;
    if (isEach) sum += visit(last, true);
    return Object.values(node).reduce((total: number, child) => total + visit(child, inEach), sum);
  };
  const called = (name: unknown, inEach: boolean): number => {
    const helper = HELPERS.get(name);
    if (helper !== undefined) return helper;
    const cost = costOf(name);
    loops ||= cost.loops;
    return inEach && cost.loops ? Number.POSITIVE_INFINITY : CALL + cost.steps;
  };
  return { steps: visit(ast, false), loops };
}
