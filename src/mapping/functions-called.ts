import jsonata from 'jsonata';
import { partsOf } from '../definition/checks/expression-parts.js';
import { getOwn } from '../model/keyed.js';

/**
 * Which of a definition's functions expressions call, themselves or by way of one another; in the
 * order of the definition.
 *
 * @throws Error of JSONata for one that does not parse
 */
export function functionsCalled(expressions: string[], functions: Readonly<Record<string, string>> = {}): Record<string, string> {
  const names = Object.keys(functions);
  if (names.length === 0) return {};
  const called = new Set<string>();
  const rest = [...expressions];
  for (let text = rest.pop(); text !== undefined; text = rest.pop())
    for (const { name } of partsOf(jsonata(text).ast()).mentions) {
      const own = called.has(name) ? undefined : getOwn(functions, name);
      if (own === undefined) continue;
      called.add(name);
      rest.push(own);
    }
  return Object.fromEntries(names.filter((name) => called.has(name)).map((name) => [name, getOwn(functions, name) ?? '']));
}
