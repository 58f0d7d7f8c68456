import { z } from 'zod';
import type { AvniKind } from './settings.js';

const name = z.string().min(1, 'must not be empty');

const kinds = ['subject', 'enrolment', 'programEncounter', 'encounter'] as const;

export const avniDestinationSettings = z
  .strictObject({
    subject: name.optional().meta({ description: 'Subjects of this type' }),
    enrolment: name.optional().meta({ description: 'Enrolments in this program' }),
    programEncounter: name.optional().meta({ description: 'Encounters of this type, within a program' }),
    encounter: name.optional().meta({ description: 'Encounters of this type, outside of any program' }),
    owns: z
      .array(name)
      .min(1, 'must name at least one observation or field')
      .optional()
      .meta({
        description: 'Observations and fields that are Sangam’s, where it shares the record with others',
        examples: [['Haemoglobin']],
      }),
  })
  .refine((settings) => kinds.filter((kind) => settings[kind] !== undefined).length === 1, {
    message: `must name exactly one of ${kinds.join(', ')}, with the exact name of its type`,
  });

/** What a definition's `to:` names. */
export interface Target {
  kind: AvniKind;
  type: string;
  /** Names of what is Sangam's of a record; absent: all of it. */
  owns?: ReadonlySet<string>;
}

export function targetOf(settings: unknown): Target {
  const { owns, ...parsed } = avniDestinationSettings.parse(settings);
  const kind = kinds.find((each) => parsed[each] !== undefined) ?? 'subject';
  return { kind, type: parsed[kind] ?? '', ...(owns ? { owns: new Set(owns) } : {}) };
}
