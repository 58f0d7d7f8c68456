import { z } from 'zod';

const name = z.string().min(1, 'must not be empty');
const uuid = z.string().optional();
const named = z.strictObject({ name, uuid });

/** As Avni calls the kinds of its forms. */
export const FORM_TYPES = [
  'IndividualProfile',
  'ProgramEnrolment',
  'ProgramExit',
  'ProgramEncounter',
  'ProgramEncounterCancellation',
  'Encounter',
  'IndividualEncounterCancellation',
] as const;

const concept = z.strictObject({
  name,
  uuid,
  dataType: name,
  answers: z.array(name).optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  unit: z.string().optional(),
  subjectType: name.optional(),
});

/** A question of a form: a concept, or a group of them. */
export interface Question {
  concept: string;
  mandatory?: boolean | undefined;
  /** Several answers may be chosen. */
  several?: boolean | undefined;
  /** The group may be filled in several times. */
  repeatable?: boolean | undefined;
  questions?: Question[] | undefined;
}

const question: z.ZodType<Question> = z.strictObject({
  concept: name,
  mandatory: z.boolean().optional(),
  several: z.boolean().optional(),
  repeatable: z.boolean().optional(),
  get questions() {
    return z.array(question).optional();
  },
});

const form = z.strictObject({
  name: name.optional(),
  uuid,
  formType: z.enum(FORM_TYPES, { error: `must be one of ${FORM_TYPES.join(', ')}` }),
  subjectType: name.optional(),
  program: name.optional(),
  encounterType: name.optional(),
  questions: z.array(question).default([]),
});

const location = z.strictObject({ title: name, type: name, parent: name.optional(), uuid, externalId: z.string().optional() });

/**
 * What an Avni organisation has set up, as `npx sangam metadata avni` saves it and as somebody may
 * write it by hand.
 */
export const organisationData = z.strictObject({
  organisation: z.string().optional(),
  subjectTypes: z.array(
    named.extend({
      type: z.enum(['Person', 'Individual', 'Group', 'Household', 'User']).default('Person'),
      registeredAt: z.array(name).optional(),
      mayLackAddress: z.boolean().optional(),
    }),
  ),
  /** Which subjects may be members of which groups, and as what. */
  groupRoles: z.array(z.strictObject({ group: name, member: name, role: name })).default([]),
  programs: z.array(named).default([]),
  encounterTypes: z.array(named).default([]),
  taskTypes: z.array(named).default([]),
  genders: z.array(name).default(['Female', 'Male', 'Other']),
  locationTypes: z.array(named.extend({ level: z.number() })).default([]),
  locations: z.array(location).default([]),
  concepts: z.array(concept).default([]),
  forms: z.array(form).default([]),
});

export type OrganisationData = z.infer<typeof organisationData>;
export type FormData = z.infer<typeof form>;
export type ConceptData = z.infer<typeof concept>;

/** The kinds of record, and the form of each. */
export const PROFILE_OF = {
  subject: 'IndividualProfile',
  enrolment: 'ProgramEnrolment',
  programEncounter: 'ProgramEncounter',
  encounter: 'Encounter',
} as const satisfies Record<string, FormData['formType']>;
