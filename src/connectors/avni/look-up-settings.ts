import { z } from 'zod';
import type { AvniKind } from './settings.js';

const name = z.string().min(1, 'must not be empty');

const kinds = ['subject', 'enrolment', 'programEncounter', 'encounter'] as const;

type Given = Partial<Record<(typeof kinds)[number], string | undefined>>;
const kindIn = (given: Given): AvniKind | undefined => kinds.find((each) => given[each] !== undefined);

export const avniLookUpSettings = z
  .strictObject({
    subject: name.optional().meta({ description: 'A subject of this type' }),
    enrolment: name.optional().meta({ description: 'An enrolment in this program' }),
    programEncounter: name.optional().meta({ description: 'An encounter of this type, within a program' }),
    encounter: name.optional().meta({ description: 'An encounter of this type, outside of any program' }),
    concept: name.optional().meta({ description: 'The concept whose value is looked for; without it, the External ID is' }),
    pick: z
      .enum(['active', 'latest', 'only'])
      .optional()
      .meta({ description: 'Which enrolment of a subject: the one that was not exited, the last one, or the only one (default)' }),
  })
  .refine((given) => kinds.filter((kind) => given[kind] !== undefined).length === 1, {
    message: `must name exactly one of ${kinds.join(', ')}, with the exact name of its type`,
  })
  .refine((given) => given.pick === undefined || kindIn(given) === 'enrolment', {
    message: 'must be given for an enrolment alone',
    path: ['pick'],
  })
  .refine((given) => given.concept === undefined || kindIn(given) !== 'enrolment', {
    message: 'cannot be given for an enrolment: Avni does not search these by a concept',
    path: ['concept'],
  });

/** What is looked for. */
export interface Wanted {
  kind: AvniKind;
  type: string;
  concept?: string;
  pick: 'active' | 'latest' | 'only';
}

export function wantedOf(settings: unknown): Wanted {
  const { concept, pick = 'only', ...parsed } = avniLookUpSettings.parse(settings);
  const kind = kindIn(parsed) ?? 'subject';
  return { kind, type: parsed[kind] ?? '', pick, ...(concept !== undefined ? { concept } : {}) };
}
