import { z } from 'zod';
import type { Context, SourceHealth } from '../connector.js';
import { unknownConcepts, type ConceptKind } from './concept-walk.js';
import { jsonIn } from './json-in.js';
import type { AvniSession } from './session.js';

const concept = z.object({ dataType: z.string().nullish(), voided: z.boolean().nullish() });

/**
 * A warning for each concept that the organisation does not have, by the names that a mapping reads
 * (`Group » Concept` for one of a question group). None where the user may not read concepts.
 * @throws SystemFailure, Cancelled
 */
export async function checkConcepts(session: AvniSession, names: readonly string[], c: Context): Promise<SourceHealth['warnings']> {
  return ((await unknownConcepts(names, (name) => ask(session, name, c))) ?? []).map(unknownConcept);
}

async function ask(session: AvniSession, name: string, c: Context): Promise<ConceptKind | 'none' | 'unsure'> {
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
