/** What a concept is: one with others in it, or one with a value. */
export type ConceptKind = 'group' | 'value';

/** What Avni puts among the observations of a subject without there being a concept. */
const NO_CONCEPTS = new Set(['First name', 'Middle name', 'Last name', 'Date of birth', 'Gender', 'Profile picture']);

/**
 * The concepts of these that an organisation does not have, by the names that a mapping reads
 * (`Group » Concept` for one of a question group, groups first). Undefined where `ask` cannot tell.
 */
export async function unknownConcepts(
  names: readonly string[],
  ask: (name: string) => Promise<ConceptKind | 'none' | 'unsure'>,
): Promise<string[] | undefined> {
  const answers = new Map<string, ConceptKind | 'none'>();
  const unknown: string[] = [];
  for (const path of names) {
    const parts = path.split(' » ');
    const name = parts.pop() ?? path;
    // What stands behind a value that is no group is a part of that value, not a concept.
    if (parts.some((part) => answers.get(part) !== 'group') || NO_CONCEPTS.has(name) || answers.has(name)) continue;
    const answer = await ask(name);
    if (answer === 'unsure') return undefined;
    answers.set(name, answer);
    if (answer === 'none') unknown.push(name);
  }
  return unknown;
}
