import { isA, type Node, type Quick } from './nodes.js';
import { notQuick } from './not-quick.js';
import { quickVariable } from './quick-variable.js';
import { getOwn } from '../../model/keyed.js';

/**
 * A path of names, or of names from a variable; or of names and at its end an object for each of
 * what was found. Undefined for any other.
 */
export function quickPath(steps: Node[], compile: (node: Node) => Quick | undefined): Quick | undefined {
  const [first, ...others] = steps;
  if (first && isA(first, ['variable'], ['value'])) return fromVariable(String(first['value']), others);
  const last = steps.at(-1);
  const each = last?.type === 'unary' && last['value'] === '{' && steps.length > 1 ? compile(last) : undefined;
  const named = each ? steps.slice(0, -1) : steps;
  if (!named.every((step) => isA(step, ['name'], ['value']))) return undefined;
  const names = named.map(({ value }) => String(value));
  if (!each) return (context) => follow(names, context);
  return (context, helpers) => {
    const found = follow(names, context);
    if (found === undefined) return undefined;
    const items: unknown[] = Array.isArray(found) ? found : [found];
    if (items.some(Array.isArray)) throw notQuick;
    const made = items.map((item) => each(item, helpers));
    return made.length > 1 ? made : made[0];
  };
}

function fromVariable(variable: string, steps: Node[]): Quick | undefined {
  if (!steps.every((step) => isA(step, ['name'], ['value']))) return undefined;
  const names = steps.map(({ value }) => String(value));
  const from = quickVariable(variable);
  return (context, helpers) => follow(names, from(context, helpers));
}

/** What stands at the end of a path; lists on the way are for JSONata. */
function follow(names: string[], context: unknown): unknown {
  let value: unknown = context;
  for (const name of names) {
    if (Array.isArray(value)) throw notQuick;
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? getOwn(value as Record<string, unknown>, name)
        : undefined;
  }
  return value;
}
