import { conceptAtEnd } from './named-concepts.js';

type Node = Record<string, unknown>;

/** What an expression compares a concept with, or translates it by. */
export interface AnswersNamed {
  /** Texts that are written out as answers to a concept. */
  answers: { concept: string; answer: string; position: number }[];
  /** Code tables by which a concept is translated. */
  tables: { concept: string; table: string }[];
}

const COMPARES: readonly unknown[] = ['=', '!=', 'in'];

/**
 * Answers that stand in an expression: what a concept is compared with (`=`, `!=`, `in`), and code
 * tables that it is looked up in, itself or each of its answers (`concept.$code("table", $)`).
 */
export function answersNamed(ast: unknown, members: readonly string[]): AnswersNamed {
  const found: AnswersNamed = { answers: [], tables: [] };
  const seen = new Set<unknown>();
  const visit = (node: unknown, item: string | undefined): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node)) return node.forEach((each) => visit(each, item));
    const here = node as Node;
    compared(here, members, found);
    translated(here, members, item, found);
    if (here['type'] === 'path' && Array.isArray(here['steps'])) return visitPath(here, item);
    for (const child of Object.values(here)) visit(child, item);
  };
  const visitPath = (path: Node, item: string | undefined): void => {
    const steps = path['steps'] as Node[];
    const last = steps.findIndex(({ type }) => type !== 'name');
    const concept = last > 0 ? conceptAtEnd({ type: 'path', steps: steps.slice(0, last) }, members) : undefined;
    steps.forEach((step, index) => visit(step, last >= 0 && index >= last ? concept : item));
    for (const [key, child] of Object.entries(path)) if (key !== 'steps') visit(child, item);
  };
  visit(ast, undefined);
  return found;
}

function compared({ type, value, lhs, rhs }: Node, members: readonly string[], { answers }: AnswersNamed): void {
  if (type !== 'binary' || !COMPARES.includes(value)) return;
  for (const [side, other] of [
    [lhs, rhs],
    [rhs, lhs],
  ]) {
    const concept = conceptAtEnd(side, members);
    if (concept !== undefined) for (const text of textsOf(other)) answers.push({ concept, ...text });
  }
}

function translated(node: Node, members: readonly string[], item: string | undefined, { tables }: AnswersNamed): void {
  const { type, procedure, arguments: given } = node;
  const { type: kind, value: name } = (procedure ?? {}) as Node;
  if (type !== 'function' || kind !== 'variable' || name !== 'code' || !Array.isArray(given)) return;
  const [table, of] = given as (Node | undefined)[];
  const isItem = of?.['type'] === 'variable' && of['value'] === '';
  const concept = isItem ? item : conceptAtEnd(of, members);
  if (table?.['type'] === 'string' && concept !== undefined) tables.push({ concept, table: String(table['value']) });
}

/** A text that is written out, or those of a list. */
function textsOf(node: unknown): { answer: string; position: number }[] {
  const { type, value, position, expressions } = (node ?? {}) as Node;
  if (type === 'string') {
    const end = typeof position === 'number' ? position : 0;
    return [{ answer: String(value), position: Math.max(0, end - String(value).length - 2) }];
  }
  return type === 'unary' && value === '[' && Array.isArray(expressions) ? expressions.flatMap(textsOf) : [];
}
