interface Step {
  type?: string;
  value?: unknown;
}

/**
 * Concepts that stand in an expression by name, behind one of the `members` that hold them: of
 * `answers.Household.Water` both `Household` and `Household » Water`. Read or not, they are
 * known.
 */
export function namedConcepts(ast: unknown, members: readonly string[]): string[] {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const { type, steps } = node as { type?: string; steps?: Step[] };
    if (type === 'path' && steps) for (const concept of conceptsOn(steps, members)) found.add(concept);
    for (const child of Object.values(node)) visit(child);
  };
  visit(ast);
  return [...found];
}

function conceptsOn(steps: Step[], members: readonly string[]): string[] {
  const group = steps.findIndex(({ type, value }) => type === 'name' && typeof value === 'string' && members.includes(value));
  if (group === -1) return [];
  const names: string[] = [];
  for (const { type, value } of steps.slice(group + 1)) {
    if (type !== 'name' || typeof value !== 'string') break;
    names.push(value);
  }
  return names.map((_name, index) => names.slice(0, index + 1).join(' » '));
}
