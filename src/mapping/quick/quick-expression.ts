import { isA, type Helpers, type Node, type Quick } from './nodes.js';
import { notQuick } from './not-quick.js';
import { quickPath } from './quick-path.js';
import { same, short, text, truth } from './quick-values.js';
import { quickVariable } from './quick-variable.js';
import { getOwn, setOwn } from '../../model/keyed.js';

const BUILT_IN: Record<string, (argument: unknown) => unknown> = {
  exists: (argument) => argument !== undefined,
  string: (argument) => (argument === undefined ? undefined : text(argument)),
};

const OPERATORS: Record<string, (left: () => unknown, right: () => unknown) => unknown> = {
  and: (left, right) => truth(left()) && truth(right()),
  or: (left, right) => truth(left()) || truth(right()),
  // Not `join`, which copies both: of a long sum that would be the square of it.
  '&': (left, right) => short(textOr(left()) + textOr(right())),
  '=': (left, right) => compared(left(), right(), (a, b) => same(a, b)),
  '!=': (left, right) => compared(left(), right(), (a, b) => !same(a, b)),
};

/** @throws notQuick */
function textOr(value: unknown): string {
  return value === undefined ? '' : text(value);
}

/**
 * An expression that is only paths, objects, lists, conditions, comparisons and calls of helpers as
 * plain functions, to the same result as JSONata: its evaluator makes a promise for each part,
 * which takes longer than all else that is done with a record. Undefined for any other expression.
 */
export function quickExpression(ast: Node): Quick | undefined {
  const { type } = ast;
  if (isA(ast, ['string', 'number', 'value'], ['value'])) return () => ast['value'];
  if (isA(ast, ['variable'], ['value'])) return quickVariable(String(ast['value']));
  if (isA(ast, ['path'], ['steps'])) return quickPath(ast['steps'] as Node[], quickExpression);
  if (type === 'unary') return ast['value'] === '{' ? object(ast) : list(ast);
  if (type === 'condition') return condition(ast);
  if (type === 'binary') return operator(ast);
  if (isA(ast, ['function'], ['value', 'arguments', 'procedure'])) return call(ast);
  // The last call of a function stands in one of its own, so that JSONata's calls are not in one
  // another.
  if (type === 'lambda' && ast['thunk'] === true) return quickExpression(ast['body'] as Node);
  if (!isA(ast, ['block'], ['expressions'])) return undefined;
  const [only, ...more] = ast['expressions'] as Node[];
  return only && more.length === 0 ? quickExpression(only) : undefined;
}

/** All of them, or undefined where one is not quick. */
function all(nodes: Node[]): Quick[] | undefined {
  const found = nodes.map(quickExpression);
  return found.every((each) => each !== undefined) ? found : undefined;
}

function object(node: Node): Quick | undefined {
  if (!isA(node, ['unary'], ['value', 'lhs'])) return undefined;
  const pairs = node['lhs'] as [Node, Node][];
  const keys = pairs.map(([key]) => (key.type === 'string' ? String(key['value']) : '__proto__'));
  if (new Set(keys).size < keys.length || keys.some((key) => key === '__proto__' || key.startsWith('_jsonata'))) return undefined;
  const values = all(pairs.map(([, value]) => value));
  return values && ((context, helpers) => made(keys, values, context, helpers));
}

function made(keys: string[], values: Quick[], context: unknown, helpers: Helpers): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  values.forEach((value, index) => {
    const each = value(context, helpers);
    if (each !== undefined) setOwn(result, keys[index] ?? '', each);
  });
  return result;
}

function list(node: Node): Quick | undefined {
  if (node['value'] !== '[' || !isA(node, ['unary'], ['value', 'expressions'])) return undefined;
  const expressions = node['expressions'] as Node[];
  const items = all(expressions);
  // A list within a list stays one; any other list is made part of this one.
  const isList = expressions.map(({ type, value }) => type === 'unary' && value === '[');
  return (
    items &&
    ((context, helpers) =>
      short(
        items.flatMap((item, index) => {
          const each = item(context, helpers);
          if (each === undefined) return [];
          return isList[index] ? [each] : each;
        }),
      ))
  );
}

function condition(node: Node): Quick | undefined {
  if (!isA(node, ['condition'], ['condition', 'then', 'else'])) return undefined;
  const [test, then, otherwise] = [node['condition'], node['then'], node['else'] ?? node['then']].map((each) =>
    quickExpression(each as Node),
  );
  if (!test || !then || !otherwise) return undefined;
  const hasElse = node['else'] !== undefined;
  return (context, helpers) => {
    if (truth(test(context, helpers))) return then(context, helpers);
    return hasElse ? otherwise(context, helpers) : undefined;
  };
}

function operator(node: Node): Quick | undefined {
  if (!isA(node, ['binary'], ['value', 'lhs', 'rhs'])) return undefined;
  const name = String(node['value']);
  const operate = Object.hasOwn(OPERATORS, name) ? getOwn(OPERATORS, name) : undefined;
  if (!operate) return undefined;
  const [left, right] = all([node['lhs'], node['rhs']] as Node[]) ?? [];
  return (
    left &&
    right &&
    ((context, helpers) =>
      operate(
        () => left(context, helpers),
        () => right(context, helpers),
      ))
  );
}

/** A comparison with nothing is false, whichever. */
function compared(left: unknown, right: unknown, compare: (a: unknown, b: unknown) => boolean): boolean {
  return left !== undefined && right !== undefined && compare(left, right);
}

function call(node: Node): Quick | undefined {
  const procedure = node['procedure'] as Node;
  if (!isA(procedure, ['variable'], ['value'])) return undefined;
  const name = String(procedure['value']);
  const given = all(node['arguments'] as Node[]);
  const builtIn = Object.hasOwn(BUILT_IN, name) && given?.length === 1 ? getOwn(BUILT_IN, name) : undefined;
  return (
    given &&
    ((context, helpers) => {
      const helper = Object.hasOwn(helpers, name) ? getOwn(helpers, name) : builtIn;
      if (typeof helper !== 'function') throw notQuick;
      const result: unknown = Reflect.apply(
        helper,
        undefined,
        given.map((each) => each(context, helpers)),
      );
      if (typeof result === 'function' || result instanceof Promise) throw notQuick;
      return result;
    })
  );
}
