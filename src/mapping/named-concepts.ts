interface Node {
  type?: string;
  value?: unknown;
  steps?: Node[];
  procedure?: Node;
  arguments?: Node[];
}

/**
 * Concepts that stand in an expression by name, behind one of the `members` that hold them: of
 * `answers.Household.Water` both `Household` and `Household » Water`, and so of
 * `$lookup(answers.Household, "Water")`. Read or not, they are known.
 */
export function namedConcepts(ast: unknown, members: readonly string[]): string[] {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    for (const concept of conceptsOn(stepsOf(node), members)) found.add(concept);
    for (const child of Object.values(node)) visit(child);
  };
  visit(ast);
  return [...found];
}

/** The steps of a path, with what is looked up by a text that is written out as its last. */
function stepsOf({ type, steps = [], procedure, arguments: given = [] }: Node): Node[] {
  if (type === 'path') return steps;
  const [holder, name] = given;
  const isLookup = type === 'function' && procedure?.type === 'variable' && procedure.value === 'lookup';
  return isLookup && holder?.type === 'path' && name?.type === 'string' ? [...stepsOf(holder), { type: 'name', value: name.value }] : [];
}

function conceptsOn(steps: Node[], members: readonly string[]): string[] {
  const group = steps.findIndex(({ type, value }) => type === 'name' && typeof value === 'string' && members.includes(value));
  if (group === -1) return [];
  const names: string[] = [];
  for (const { type, value } of steps.slice(group + 1)) {
    if (type !== 'name' || typeof value !== 'string') break;
    names.push(value);
  }
  return names.map((_name, index) => names.slice(0, index + 1).join(' » '));
}
