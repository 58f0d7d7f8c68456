interface Node {
  type?: string;
  value?: unknown;
  position?: number;
  steps?: Node[];
  procedure?: Node;
  arguments?: Node[];
}

/** A concept by the names that lead to it, the last its own; `position`: where its name begins. */
export interface NamedConcept {
  names: string[];
  position: number;
}

/**
 * Concepts that stand in an expression by name, behind one of the `members` that hold them: of
 * `answers.Household.Water` both `Household` and `Household » Water`, and so of
 * `$lookup(answers.Household, "Water")`. Read or not, they are known.
 */
export function namedConcepts(ast: unknown, members: readonly string[]): string[] {
  return [...new Set(placedConcepts(ast, members).map(conceptPath))];
}

/** The same, each time that one stands there. */
export function placedConcepts(ast: unknown, members: readonly string[]): NamedConcept[] {
  const found: NamedConcept[] = [];
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    found.push(...conceptsOn(stepsOf(node), members));
    for (const child of Object.values(node)) visit(child);
  };
  visit(ast);
  return found;
}

/** The concept that a path ends in; undefined where it is none. */
export function conceptAtEnd(node: unknown, members: readonly string[]): string | undefined {
  const steps = stepsOf((node ?? {}) as Node);
  const last = conceptsOn(steps, members).at(-1);
  const ends = steps.at(-1);
  return last && ends?.type === 'name' && ends.value === last.names.at(-1) ? last.names.at(-1) : undefined;
}

/** `Group » Concept`. */
export function conceptPath({ names }: NamedConcept): string {
  return names.join(' » ');
}

/** The steps of a path, with what is looked up by a text that is written out as its last. */
function stepsOf({ type, steps = [], procedure, arguments: given = [] }: Node): Node[] {
  if (type === 'path') return steps;
  const [holder, name] = given;
  const isLookup = type === 'function' && procedure?.type === 'variable' && procedure.value === 'lookup';
  return isLookup && holder?.type === 'path' && name?.type === 'string' ? [...stepsOf(holder), { type: 'name', value: name.value }] : [];
}

function conceptsOn(steps: Node[], members: readonly string[]): NamedConcept[] {
  const group = steps.findIndex(({ type, value }) => type === 'name' && typeof value === 'string' && members.includes(value));
  if (group === -1) return [];
  const found: NamedConcept[] = [];
  for (const { type, value, position = 0 } of steps.slice(group + 1)) {
    if (type !== 'name' || typeof value !== 'string') break;
    const names = [...(found.at(-1)?.names ?? []), value];
    found.push({ names, position: Math.max(0, position - value.length) });
  }
  return found;
}
