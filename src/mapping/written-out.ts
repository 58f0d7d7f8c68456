import jsonata from 'jsonata';

type Node = Record<string, unknown>;

/**
 * The texts and numbers that expressions give to a member whatever the record holds, each as the
 * name of the member, NUL, and the value: `status␀final`. What a condition chooses between
 * is not among them.
 */
export function writtenOut(expressions: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const text of expressions) visit(jsonata(text).ast(), found);
  return found;
}

/** As `writtenOut` names it. */
export function writtenOutName(member: string, value: string | number): string {
  return `${member}\0${value}`;
}

function visit(node: unknown, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) return node.forEach((each) => visit(each, found));
  const here = node as Node;
  if (here['type'] === 'condition') {
    // With another branch, the record would show in which of them is taken.
    if (here['else'] === undefined) visit(here['then'], found);
    return;
  }
  for (const [key, value] of pairsOf(here)) addLiterals(key, value, found);
  for (const [name, each] of Object.entries(here)) if (name !== 'predicate' && name !== 'stages') visit(each, found);
}

/** Of an object that an expression makes: its members, as far as their names are written out. */
function pairsOf({ type, value, lhs }: Node): [string, unknown][] {
  if (type !== 'unary' || value !== '{' || !Array.isArray(lhs)) return [];
  return (lhs as unknown[]).flatMap((pair): [string, unknown][] => {
    const [key, given] = Array.isArray(pair) ? (pair as [Node, unknown]) : [{} as Node];
    return key['type'] === 'string' && typeof key['value'] === 'string' ? [[key['value'], given]] : [];
  });
}

function addLiterals(member: string, given: unknown, found: Set<string>): void {
  const { type, value, expressions } = (given ?? {}) as Node;
  if ((type === 'string' && typeof value === 'string') || (type === 'number' && typeof value === 'number'))
    found.add(writtenOutName(member, value));
  if (type === 'unary' && value === '[' && Array.isArray(expressions)) for (const each of expressions) addLiterals(member, each, found);
}
