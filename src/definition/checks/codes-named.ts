import jsonata, { type ExprNode } from 'jsonata';
import { partsOf } from './expression-parts.js';

/** Names of the code tables that expressions use; `undefined` where one works a name out. @throws Error of JSONata for one that does not parse. */
export function codesNamed(expressions: string[]): string[] | undefined {
  const all = expressions.map((text) => jsonata(text).ast()).flatMap((ast) => (hasParameter(ast, 'code') ? [] : [partsOf(ast)]));
  const named = all.flatMap(({ calls }) => calls.filter(({ name }) => name === 'code').map(({ literals }) => literals[0]));
  // What another expression evaluates is seen by nobody.
  const mentions = all.flatMap((parts) => parts.mentions.filter(({ name }) => name === 'code' || name === 'eval'));
  const names = named.filter((name) => name !== undefined);
  return names.length === mentions.length ? names : undefined;
}

/** Whether it is a function in which the name stands for what it is given. */
function hasParameter({ type, arguments: parameters }: ExprNode, name: string): boolean {
  return type === 'lambda' && (parameters ?? []).some(({ value }) => value === name);
}
