import type { ExprNode } from 'jsonata';

/** A call of a function by name, with its arguments where they are written out as texts. */
export interface Call {
  name: string;
  literals: (string | undefined)[];
  position: number;
}

/** What an expression calls, and which names it gives to values and functions of its own. */
export interface ExpressionParts {
  calls: Call[];
  /** Every `$name`, called or not, but for `$` and `$$`. */
  mentions: { name: string; position: number }[];
  bound: Set<string>;
  regexes: { written: RegExp; position: number }[];
}

/** Looks through a parsed expression. An argument piped in by `~>` comes first, as JSONata has it. */
export function partsOf(ast: ExprNode): ExpressionParts {
  const parts: ExpressionParts = { calls: [], mentions: [], bound: new Set(), regexes: [] };
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
  return parts;
}

function collect(node: Record<string, unknown>, piped: boolean, { calls, mentions, bound, regexes }: ExpressionParts): void {
  const mentioned = nameOf(node);
  if (mentioned !== '' && mentioned !== '$') mentions.push({ name: mentioned, position: startOf(node) });
  if (node['type'] === 'regex' && node['value'] instanceof RegExp) regexes.push({ written: node['value'], position: startOf(node) });
  for (const given of [node['focus'], node['index'], node['type'] === 'index' ? node['value'] : undefined])
    if (typeof given === 'string') bound.add(given);
  if (node['type'] === 'bind') bound.add(nameOf(node['lhs']));
  if (node['type'] === 'lambda' && Array.isArray(node['arguments'])) node['arguments'].forEach((each) => bound.add(nameOf(each)));
  if (node['type'] !== 'function' && node['type'] !== 'partial') return;
  const name = nameOf(node['procedure']);
  if (name === '' || !Array.isArray(node['arguments'])) return;
  const written = node['arguments'].map(literalOf);
  calls.push({ name, literals: piped ? [undefined, ...written] : written, position: startOf(node['procedure']) });
}

function nameOf(node: unknown): string {
  const { type, value } = fields(node);
  return type === 'variable' && typeof value === 'string' ? value : '';
}

function literalOf(node: unknown): string | undefined {
  const { type, value } = fields(node);
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
