import type jsonata from 'jsonata';
import { isObject } from '../model/is-object.js';
import { ownOf } from './own-of.js';
import type { Node } from './quick/nodes.js';

const ownString = await ownOf<(value: unknown, prettify?: boolean) => string | undefined>('string');

/** What `&` makes texts by: no expression can write such a name, nor give it to something else. */
const OF_OPERAND = 'text of an operand';

/** Characters that JSONata puts before each level where it is asked to write prettily. */
const INDENT = 2;

/**
 * JSONata's `$string`, but that a decimal keeps all its digits: JSONata rounds it to 15, so that
 * two of 16 digits would be one.
 */
export function stringHelper(value: unknown, prettify = false): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  // Of what JSONata itself does not write, it says why; functions are nothing to it.
  const own = ownString(value, prettify);
  if (own === undefined || typeof value !== 'object' || value === null || isFunction(value)) return own;
  const [whole] = Array.isArray(value) && 'outerWrapper' in value && value.outerWrapper === true ? (value as unknown[]) : [value];
  return JSON.stringify(whole, (_name, each: unknown) => (isFunction(each) ? '' : each), prettify ? INDENT : 0);
}

/** Lets `&` make texts as `$string` does. */
export function keepDigits(expression: jsonata.Expression): void {
  expression.assign(OF_OPERAND, stringHelper);
  const seen = new Set<unknown>();
  const left: unknown[] = [expression.ast()];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    const node = next as Node;
    if (node.type === 'binary' && node['value'] === '&')
      for (const side of ['lhs', 'rhs'] as const) node[side] = textOf(node[side] as Node, node['position']);
    left.push(...Object.values(node));
  }
}

/** An operand of `&` as a text, or nothing. */
function textOf(operand: Node, position: unknown): Node {
  if (operand.type === 'string') return operand;
  return { type: 'function', value: '(', position, arguments: [operand], procedure: { type: 'variable', value: OF_OPERAND, position } };
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function' || (isObject(value) && ('_jsonata_function' in value || '_jsonata_lambda' in value));
}
