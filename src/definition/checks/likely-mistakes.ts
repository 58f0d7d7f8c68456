import type { ExprNode } from 'jsonata';

/** What compiles, and surely means something else than its author does. */
export interface LikelyMistake {
  code: 'QuotesForBackticks' | 'PlusOfTexts' | 'NameWithoutQuotes' | 'OddQuotes' | 'MemberWithoutQuotes';
  message: string;
  /** Characters into the expression. */
  within: number;
  allowed: string;
  /** It may be right as it is. */
  maybe?: true;
}

type Node = Record<string, unknown>;

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];
/** Functions that ask something of a field: of a text that is written out the answer is known. */
const ASK_A_FIELD = ['exists', 'not', 'boolean', 'number', 'date', 'dateTime', 'toMillis'];
/** Helpers whose first argument is a name. */
const TAKE_A_NAME = ['parent', 'ref', 'code', 'rows'];

/**
 * What is likely wrong with an expression that compiles. `isField`: its whole is to be a field of
 * the record, or made of fields.
 */
export function likelyMistakes(ast: ExprNode, isField: boolean): LikelyMistake[] {
  const found: LikelyMistake[] = [];
  if (isField && textOf(ast) !== undefined) found.push(quotes(ast as unknown as Node));
  visit(ast, found);
  return found;
}

function visit(node: unknown, found: LikelyMistake[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) return node.forEach((each) => visit(each, found));
  const here = node as Node;
  found.push(...mistakesOf(here));
  for (const [name, each] of Object.entries(here)) {
    // What is piped into a call is its first argument.
    const isPiped = here['type'] === 'apply' && name === 'rhs' && (each as Node | null)?.['type'] === 'function';
    visit(isPiped ? (each as Node)['arguments'] : each, found);
  }
}

function mistakesOf(node: Node): LikelyMistake[] {
  const { type, value, lhs, rhs } = node;
  if (type === 'binary' && COMPARISONS.includes(String(value))) return [compared(lhs, rhs), compared(rhs, lhs)].flat();
  if (type === 'binary' && (value === 'and' || value === 'or')) return [lhs, rhs].flatMap(asked);
  if (type === 'binary' && value === '+') {
    const text = [lhs, rhs].find((each) => textOf(each) !== undefined);
    const message = 'Texts are put together by "&": "+" adds numbers.';
    return text === undefined ? [] : [{ code: 'PlusOfTexts', message, within: Math.max(0, positionOf(node) - 1), allowed: 'a & b' }];
  }
  if (type === 'condition') return asked(node['condition']);
  if (type === 'filter') return asked(node['expr']);
  if (type === 'name' && typeof value === 'string' && /[“”‘’„]/.test(value))
    return [
      {
        code: 'OddQuotes',
        message: 'Typographic quotes stand here, which JSONata takes for a part of a name.',
        within: Math.max(0, positionOf(node) - value.length),
        allowed: 'straight quotes (") around a text, backticks (`) around a name',
      },
    ];
  if (type === 'unary' && value === '{' && Array.isArray(lhs)) return (lhs as unknown[]).flatMap(memberOf);
  return type === 'function' ? calledWith(node) : [];
}

/** A text that is compared with what no field can tell. */
function compared(side: unknown, other: unknown): LikelyMistake[] {
  const { type } = (other ?? {}) as Node;
  return textOf(side) !== undefined && (type === 'value' || type === 'number' || type === 'string') ? [quotes(side as Node)] : [];
}

/** A text in the place of a condition. */
function asked(condition: unknown): LikelyMistake[] {
  return textOf(condition) === undefined ? [] : [quotes(condition as Node)];
}

function calledWith({ procedure, arguments: given }: Node): LikelyMistake[] {
  const { type, value: name } = (procedure ?? {}) as Node;
  if (type !== 'variable' || typeof name !== 'string' || !Array.isArray(given)) return [];
  const [first] = given as unknown[];
  const text = textOf(first);
  if (ASK_A_FIELD.includes(name) && text !== undefined && !/^\d/.test(text)) return [quotes(first as Node)];
  const step = TAKE_A_NAME.includes(name) ? stepOf(first) : undefined;
  if (!step) return [];
  return [
    {
      code: 'NameWithoutQuotes',
      message: `$${name} takes a name in quotes: without them ${String(step['value'])} is a field of the record.`,
      within: Math.max(0, positionOf(step) - String(step['value']).length),
      allowed: `$${name}("${String(step['value'])}")`,
      maybe: true,
    },
  ];
}

/** Names of members are worked out where they stand without quotes. */
function memberOf(pair: unknown): LikelyMistake[] {
  const step = Array.isArray(pair) ? stepOf(pair[0]) : undefined;
  if (!step) return [];
  const name = String(step['value']);
  return [
    {
      code: 'MemberWithoutQuotes',
      message: `The name of a member stands in quotes: without them it is what the record has in its field ${name}.`,
      within: Math.max(0, positionOf(step) - name.length),
      allowed: `"${name}"`,
      maybe: true,
    },
  ];
}

/** The only step of a path that is a plain name. */
function stepOf(node: unknown): Node | undefined {
  const { type, steps } = (node ?? {}) as Node;
  const [step, ...more] = type === 'path' && Array.isArray(steps) ? (steps as Node[]) : [];
  return step && more.length === 0 && step['type'] === 'name' && step['stages'] === undefined ? step : undefined;
}

function quotes(node: Node): LikelyMistake {
  const text = textOf(node) ?? '';
  return {
    code: 'QuotesForBackticks',
    message: `Quotes stand where backticks belong: "${text}" is the same text for every record.`,
    within: Math.max(0, positionOf(node) - text.length - 2),
    allowed: `\`${text}\`, the field of that name`,
  };
}

function textOf(node: unknown): string | undefined {
  const { type, value } = (node ?? {}) as Node;
  return type === 'string' && typeof value === 'string' ? value : undefined;
}

/** JSONata says where it ends. */
function positionOf({ position }: Node): number {
  return typeof position === 'number' ? position : 0;
}
