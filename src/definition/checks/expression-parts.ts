import type { ExprNode } from 'jsonata';

/** A call of a function by name, with its arguments where they are written out as texts. */
export interface Call {
  name: string;
  literals: (string | undefined)[];
  /**
   * Of each argument whether it is worked out for each record: neither a text nor the word
   * `undefined`.
   */
  workedOut: boolean[];
  position: number;
}

/** What an expression calls, and which names it gives to values and functions of its own. */
export interface ExpressionParts {
  calls: Call[];
  /** Every `$name`, called or not, but for `$` and `$$`. */
  mentions: { name: string; position: number }[];
  bound: Set<string>;
  regexes: { written: RegExp; position: number }[];
  /** Numbers that are written out; `end` is the character behind the last digit. */
  numbers: { value: number; end: number }[];
}

/**
 * Looks through a parsed expression. An argument piped in by `~>` comes first, as JSONata has it.
 */
export function partsOf(ast: ExprNode): ExpressionParts {
  const parts: Collected = { calls: [], mentions: [], bound: new Set(), regexes: [], numbers: [], constants: new Map(), given: [] };
  const seen = new WeakSet<object>();
  const visit = (node: unknown, piped: boolean): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node)) return node.forEach((each) => visit(each, false));
    const here = node as Record<string, unknown>;
    collect(here, piped, parts);
    for (const [key, each] of Object.entries(here)) visit(each, here['type'] === 'apply' && key === 'rhs');
  };
  visit(ast, false);
  for (const { call, args } of parts.given) {
    call.literals = args.map((each) => literalOf(each, parts.constants));
    call.workedOut = args.map((each, index) => call.literals[index] === undefined && !isNothing(each));
  }
  return parts;
}

interface Collected extends ExpressionParts {
  /** Text that a name is given, undefined where it is given others too. */
  constants: Map<string, string | undefined>;
  given: { call: Call; args: unknown[] }[];
}

function collect(node: Record<string, unknown>, piped: boolean, parts: Collected): void {
  const { calls, mentions, bound, regexes, numbers, constants, given } = parts;
  const mentioned = nameOf(node);
  if (mentioned !== '' && mentioned !== '$') mentions.push({ name: mentioned, position: startOf(node) });
  if (node['type'] === 'regex' && node['value'] instanceof RegExp) regexes.push({ written: node['value'], position: startOf(node) });
  if (node['type'] === 'number' && typeof node['value'] === 'number' && typeof node['position'] === 'number')
    numbers.push({ value: node['value'], end: node['position'] });
  for (const name of [node['focus'], node['index'], node['type'] === 'index' ? node['value'] : undefined])
    if (typeof name === 'string') {
      constants.set(name, undefined);
      bound.add(name);
    }
  if (node['type'] === 'bind') {
    const name = nameOf(node['lhs']);
    constants.set(name, bound.has(name) ? undefined : literalOf(node['rhs']));
    bound.add(name);
  }
  if (node['type'] === 'lambda' && Array.isArray(node['arguments']))
    for (const name of node['arguments'].map(nameOf)) {
      constants.set(name, undefined);
      bound.add(name);
    }
  const add = (procedure: unknown, args: unknown[]): void => {
    const call: Call = { name: nameOf(procedure), literals: [], workedOut: [], position: startOf(procedure) };
    if (call.name === '') return;
    calls.push(call);
    given.push({ call, args });
  };
  // A function by its name alone takes what is piped into it.
  if (node['type'] === 'apply') add(node['rhs'], [undefined]);
  if (node['type'] !== 'function' && node['type'] !== 'partial') return;
  if (Array.isArray(node['arguments']))
    add(node['procedure'], piped ? [undefined, ...(node['arguments'] as unknown[])] : node['arguments']);
}

/**
 * What is not given, or given as `undefined`, which JSONata takes for a field that no record has.
 */
function isNothing(node: unknown): boolean {
  const { type, steps } = fields(node);
  const [step, ...more] = Array.isArray(steps) ? steps.map(fields) : [];
  return node === undefined || (type === 'path' && more.length === 0 && step?.['type'] === 'name' && step['value'] === 'undefined');
}

function nameOf(node: unknown): string {
  const { type, value } = fields(node);
  return type === 'variable' && typeof value === 'string' ? value : '';
}

/** A text that is written out, or that a name stands for which is given nothing else. */
function literalOf(node: unknown, constants?: ReadonlyMap<string, string | undefined>): string | undefined {
  const { type, value } = fields(node);
  if (type === 'variable') return constants?.get(nameOf(node));
  return type === 'string' && typeof value === 'string' ? value : undefined;
}

/** Where a `$name` begins: JSONata says where it ends. */
function startOf(node: unknown): number {
  const { position } = fields(node);
  return typeof position === 'number' ? Math.max(0, position - nameOf(node).length - 1) : 0;
}

function fields(node: unknown): Record<string, unknown> {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>) : {};
}
