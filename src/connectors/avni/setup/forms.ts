import { z } from 'zod';
import type { Context } from '../../connector.js';
import type { AvniSession } from '../session.js';
import type { AvniKind } from '../settings.js';
import { askMetadata, type Missing } from './metadata-answer.js';

/**
 * Concept → whether its value is a list in the forms that are filled in. Absent: they do not say.
 */
export type Lists = ReadonlyMap<string, boolean>;

/** The forms of each kind of record, and those of its end. */
export const formTypes: Readonly<Record<AvniKind, readonly string[]>> = {
  subject: ['IndividualProfile'],
  enrolment: ['ProgramEnrolment', 'ProgramExit'],
  programEncounter: ['ProgramEncounter', 'ProgramEncounterCancellation'],
  encounter: ['Encounter', 'IndividualEncounterCancellation'],
};

/** Data types of which a form may take several values. */
const SEVERAL: ReadonlySet<string> = new Set(['Coded', 'Subject', 'Image', 'ImageV2', 'Video', 'File', 'Encounter']);

const element = z.object({
  voided: z.boolean().nullish(),
  type: z.string().nullish(),
  concept: z.object({ name: z.string(), dataType: z.string() }),
  keyValues: z.array(z.object({ key: z.string(), value: z.unknown() })).catch([]),
});
const form = z.object({
  formElementGroups: z.array(z.object({ voided: z.boolean().nullish(), formElements: z.array(z.unknown()) })),
});

/** What a form says of its concepts. @throws SystemFailure, Cancelled */
export async function askForm(session: AvniSession, formUUID: string, c: Context): Promise<Lists | Missing> {
  const found = await askMetadata(session, '/forms/export', { formUUID }, form, c);
  if (typeof found === 'string') return found;
  const lists = new Map<string, boolean>();
  for (const group of found.formElementGroups)
    for (const each of group.voided === true ? [] : group.formElements) {
      const read = element.safeParse(each).data;
      if (!read || read.voided === true) continue;
      const { name, dataType } = read.concept;
      if (dataType === 'QuestionGroup')
        lists.set(
          name,
          read.keyValues.some(({ key, value }) => key === 'repeatable' && value === true),
        );
      else if (SEVERAL.has(dataType)) lists.set(name, read.type === 'MultiSelect');
    }
  return lists;
}
