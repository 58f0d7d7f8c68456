import jsonata from 'jsonata';
import { setOwn } from '../../model/keyed.js';
import { isA, type Helpers, type Node, type Quick } from './nodes.js';
import { quickExpression } from './quick-expression.js';

/** A function of a definition as a plain one. */
interface QuickFunction {
  parameters: string[];
  body: Quick;
}

/** What is called by name while an expression is evaluated on one record. */
export type Bind = (input: unknown, helpers: Helpers) => Helpers;

/**
 * The bodies of functions, by name, as syntax trees. @throws Error of JSONata for one that does not
 * parse
 */
export function bodiesOf(functions: Readonly<Record<string, string>>): ReadonlyMap<string, Node> {
  return new Map(Object.entries(functions).map(([name, source]) => [name, jsonata(source).ast() as unknown as Node]));
}

/**
 * Makes functions of a definition callable on a record, as JSONata would: they see the record,
 * their parameters, and one another. Undefined where one is not quick.
 */
export function quickFunctions(asts: ReadonlyMap<string, Node>): Bind | undefined {
  const compiled = [...asts].map(([name, ast]) => [name, functionOf(ast)] as const);
  if (compiled.some(([, quick]) => quick === undefined)) return undefined;
  return (input, helpers) => {
    const all: Record<string, unknown> = { ...helpers, $: input };
    for (const [name, quick] of compiled)
      if (quick) setOwn(all, name, (...given: unknown[]) => quick.body(input, { ...all, ...bound(quick.parameters, given) }));
    return all;
  };
}

function functionOf(ast: Node): QuickFunction | undefined {
  if (!isA(ast, ['lambda'], ['arguments', 'body'])) return undefined;
  const body = quickExpression(ast['body'] as Node);
  return body && { parameters: (ast['arguments'] as Node[]).map(({ value }) => String(value)), body };
}

function bound(parameters: string[], given: unknown[]): Record<string, unknown> {
  return Object.fromEntries(parameters.map((parameter, index) => [parameter, given[index]]));
}
