import jsonata, { type ExprNode } from 'jsonata';
import { partsOf } from './expression-parts.js';

/** Helpers that are given the name of a code table. */
const TAKE_TABLES = ['code', 'rows'];

/**
 * Names of the code tables that expressions use; `undefined` where one works a name out. @throws
 * Error of JSONata for one that does not parse.
 */
export function codesNamed(expressions: string[]): string[] | undefined {
  const all = expressions.map((text) => jsonata(text).ast()).map((ast) => ({ ...partsOf(ast), own: parametersOf(ast) }));
  const named = all.flatMap(({ calls, own }) =>
    calls.filter(({ name }) => TAKE_TABLES.includes(name) && !own.includes(name)).map(({ literals }) => literals[0]),
  );
  // What another expression evaluates is seen by nobody.
  const mentions = all.flatMap(({ mentions: some, own }) =>
    some.filter(({ name }) => (TAKE_TABLES.includes(name) && !own.includes(name)) || name === 'eval'),
  );
  const names = named.filter((name) => name !== undefined);
  return names.length === mentions.length ? names : undefined;
}

/** Names that stand in a function for what it is given; none of another expression. */
function parametersOf({ type, arguments: parameters }: ExprNode): unknown[] {
  return type === 'lambda' ? (parameters ?? []).map(({ value }): unknown => value) : [];
}
