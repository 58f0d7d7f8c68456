import { z } from 'zod';
import type { Context, SourceHealth } from '../connector.js';
import { jsonIn } from './json-in.js';
import type { AvniSession } from './session.js';

/** What Avni puts among the observations of a subject without there being a concept. */
const NO_CONCEPTS = new Set(['First name', 'Middle name', 'Last name', 'Date of birth', 'Gender', 'Profile picture']);

const concept = z.object({ dataType: z.string().nullish(), voided: z.boolean().nullish() });

type Answer = 'group' | 'value' | 'none' | 'unsure';

/**
 * A warning for each concept that the organisation does not have, by the names that a mapping reads
 * (`Group » Concept` for one of a question group). None where the user may not read concepts.
 * @throws SystemFailure, Cancelled
 */
export async function checkConcepts(session: AvniSession, names: readonly string[], c: Context): Promise<SourceHealth['warnings']> {
  const answers = new Map<string, Answer>();
  const warnings: SourceHealth['warnings'] = [];
  for (const path of names) {
    const parts = path.split(' » ');
    const name = parts.pop() ?? path;
    // What stands behind a value that is no group is a part of that value, not a concept.
    if (parts.some((part) => answers.get(part) !== 'group') || NO_CONCEPTS.has(name) || answers.has(name)) continue;
    const answer = await ask(session, name, c);
    if (answer === 'unsure') return [];
    answers.set(name, answer);
    if (answer === 'none') warnings.push(unknownConcept(name));
  }
  return warnings;
}

async function ask(session: AvniSession, name: string, c: Context): Promise<Answer> {
  const { status, text } = await session.get('/web/concept', { name }, c);
  if (status === 404) return 'none';
  const found = status === 200 ? concept.safeParse(jsonIn(text)).data : undefined;
  if (!found) return 'unsure';
  if (found.voided === true) return 'none';
  return found.dataType === 'QuestionGroup' ? 'group' : 'value';
}

function unknownConcept(name: string): SourceHealth['warnings'][number] {
  return {
    code: 'UnknownConcept',
    message: `Avni has no concept ${JSON.stringify(name)}, which an expression reads, or has it no more.`,
    remedy: 'Compare the name with Avni’s, letter by letter: what a mapping reads by a wrong name is always absent.',
  };
}
