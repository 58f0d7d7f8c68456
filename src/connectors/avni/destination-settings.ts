import { z } from 'zod';
import type { AvniKind } from './settings.js';
import type { WriteKind } from './write-fields.js';

const name = z.string().min(1, 'must not be empty');

const kinds = ['subject', 'enrolment', 'programEncounter', 'encounter', 'task'] as const;

export const avniDestinationSettings = z
  .strictObject({
    subject: name.optional().meta({ description: 'Subjects of this type' }),
    enrolment: name.optional().meta({ description: 'Enrolments in this program' }),
    programEncounter: name.optional().meta({ description: 'Encounters of this type, within a program' }),
    encounter: name.optional().meta({ description: 'Encounters of this type, outside of any program' }),
    task: name.optional().meta({ description: 'Tasks of this type' }),
    owns: z
      .array(name)
      .min(1, 'must name at least one observation or field')
      .optional()
      .meta({
        description: 'Observations and fields that are Sangam’s, where it shares the record with others',
        examples: [['Haemoglobin']],
      }),
    origin: name.optional().meta({
      description: 'Concept of data type Text in which Sangam notes the record that one with a key came from',
      examples: ['Sangam origin'],
    }),
  })
  .refine((settings) => kinds.filter((kind) => settings[kind] !== undefined).length === 1, {
    message: `must name exactly one of ${kinds.join(', ')}, with the exact name of its type`,
  })
  .refine(({ task, owns }) => task === undefined || owns === undefined, {
    message: 'cannot be given for tasks: Avni replaces them whole, and does not tell whether they changed',
    path: ['owns'],
  })
  .refine(({ task, origin }) => task === undefined || origin === undefined, {
    message: 'cannot be given for tasks: they are not looked for by an observation',
    path: ['origin'],
  });

/** What a definition's `to:` names. */
export interface Target<Kind extends WriteKind = AvniKind> {
  kind: Kind;
  type: string;
  /** Names of what is Sangam's of a record; absent: all of it. */
  owns?: ReadonlySet<string>;
  /** The concept that holds the mark of the record it came from. */
  origin?: string;
}

export function targetOf(settings: unknown): Target<WriteKind> {
  const { owns, origin, ...parsed } = avniDestinationSettings.parse(settings);
  const kind = kinds.find((each) => parsed[each] !== undefined) ?? 'subject';
  const own = owns ? { owns: new Set([...owns, ...(origin !== undefined ? [origin] : [])]) } : {};
  return { kind, type: parsed[kind] ?? '', ...own, ...(origin !== undefined ? { origin } : {}) };
}

/** Whether it is one of the kinds that Avni gives one by one. */
export function isRecordTarget(target: Target<WriteKind>): target is Target {
  return target.kind !== 'task';
}
