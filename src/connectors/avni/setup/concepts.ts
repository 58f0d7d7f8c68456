import { z } from 'zod';
import type { Context } from '../../connector.js';
import type { AvniSession } from '../session.js';
import { askMetadata, type Missing } from './metadata-answer.js';

/** What decides whether a value may stand under a concept. */
export interface Concept {
  dataType: string;
  /** Bounds of a number, both included. */
  low?: number;
  high?: number;
  /** Names of the answers of a coded one. */
  answers: ReadonlySet<string>;
}

const named = z.object({ name: z.string(), voided: z.boolean().nullish() });
const answer = z.object({ answerConcept: named, voided: z.boolean().nullish() });
const concept = z.object({
  dataType: z.string(),
  voided: z.boolean().nullish(),
  lowAbsolute: z.number().nullish(),
  highAbsolute: z.number().nullish(),
  conceptAnswers: z.array(z.unknown()).nullish(),
});

/** A concept by its exact name. @throws SystemFailure, Cancelled */
export async function askConcept(session: AvniSession, name: string, c: Context): Promise<Concept | Missing> {
  const found = await askMetadata(session, '/web/concept', { name }, concept, c);
  if (typeof found === 'string') return found;
  const { dataType, voided, lowAbsolute, highAbsolute, conceptAnswers } = found;
  if (voided === true) return 'unknown';
  const answers = (conceptAnswers ?? []).flatMap((each) => {
    const read = answer.safeParse(each).data;
    return read && read.voided !== true && read.answerConcept.voided !== true ? [read.answerConcept.name] : [];
  });
  return {
    dataType,
    ...(typeof lowAbsolute === 'number' ? { low: lowAbsolute } : {}),
    ...(typeof highAbsolute === 'number' ? { high: highAbsolute } : {}),
    answers: new Set(answers),
  };
}
