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

/**
 * Whether an expression reads one of the `members` otherwise than by names of concepts that stand
 * in it: as a whole, by a wildcard, by a name that it works out, or with the record. What it reads
 * of it nobody can tell.
 */
export function readsAllConcepts(ast: unknown, members: readonly string[]): boolean {
  const seen = new Set<unknown>();
  const visit = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return false;
    seen.add(node);
    const each = node as Node;
    if (isLiteralLookup(each)) return isMember(each.arguments?.[1], members);
    if (each.type === 'path' && isOpen(each.steps ?? [], members)) return true;
    if (each.type === 'function' && (each.arguments ?? []).some(({ type, value }) => type === 'variable' && value === '$')) return true;
    return Object.values(node).some(visit);
  };
  return visit(ast);
}

function isLiteralLookup({ type, procedure, arguments: given = [] }: Node): boolean {
  return type === 'function' && procedure?.value === 'lookup' && given[0]?.type === 'path' && given[1]?.type === 'string';
}

function isMember(node: Node | undefined, members: readonly string[]): boolean {
  return typeof node?.value === 'string' && members.includes(node.value);
}

function isOpen(steps: Node[], members: readonly string[]): boolean {
  const [first, second] = steps;
  const start = first?.type === 'variable' && (first.value === '' || first.value === '$') ? second : first;
  if (start?.type === 'wildcard' || start?.type === 'descendant') return true;
  const member = steps.findIndex((each) => each.type === 'name' && isMember(each, members));
  return member !== -1 && steps[member + 1]?.type !== 'name';
}
