import type { ExprNode } from 'jsonata';
import type { Written } from '../../connectors/written.js';

type Node = Record<string, unknown>;

/**
 * What an expression gives, as far as it is written out in it: the objects that it makes, with what
 * is worked out for each record left open.
 */
export function writtenIn(ast: ExprNode): Written {
  return writtenOf(ast);
}

function writtenOf(node: unknown): Written {
  const { type, value, position: at, expression, expressions, lhs, rhs, steps, then, else: otherwise } = (node ?? {}) as Node;
  const position = typeof at === 'number' ? at : 0;
  const open: Written = { kind: 'open', position };
  switch (type) {
    case 'string':
      return { kind: 'value', position: Math.max(0, position - String(value).length - 2), value: String(value) };
    case 'number':
    case 'value':
      return { kind: 'value', position: Math.max(0, position - String(value).length), value: value as number | boolean | null };
    case 'condition':
      return { kind: 'either', position, options: [writtenOf(then), ...(otherwise === undefined ? [] : [writtenOf(otherwise)])] };
    case 'block':
      return Array.isArray(expressions) && expressions.length > 0 ? writtenOf(expressions.at(-1)) : open;
    case 'bind':
      return writtenOf(rhs);
    case 'unary':
      if (value === '-') return negative(writtenOf(expression));
      if (value === '[' && Array.isArray(expressions)) return { kind: 'list', position, items: expressions.map(writtenOf) };
      return value === '{' && Array.isArray(lhs) ? objectOf(lhs as unknown[], position) : open;
    case 'path':
      return Array.isArray(steps) ? lastStep(steps as unknown[], open) : open;
    default:
      return open;
  }
}

/** What is made for each of what stands before it. */
function lastStep(steps: unknown[], open: Written): Written {
  const last = steps.at(-1) as Node | undefined;
  const isMade = last?.['type'] === 'unary' && last['value'] === '{' && last['stages'] === undefined && last['group'] === undefined;
  return isMade ? writtenOf(last) : open;
}

function objectOf(pairs: unknown[], position: number): Written {
  let isWhole = true;
  const members = pairs.flatMap((pair) => {
    const [key, value] = Array.isArray(pair) ? (pair as [Node, unknown]) : [{} as Node];
    if (key['type'] !== 'string' || typeof key['value'] !== 'string') {
      isWhole = false;
      return [];
    }
    const end = typeof key['position'] === 'number' ? key['position'] : 0;
    return [{ name: key['value'], position: Math.max(0, end - key['value'].length - 2), value: writtenOf(value) }];
  });
  return { kind: 'object', position, members, isWhole };
}

function negative(of: Written): Written {
  return of.kind === 'value' && typeof of.value === 'number' ? { ...of, value: -of.value } : { kind: 'open', position: of.position };
}
