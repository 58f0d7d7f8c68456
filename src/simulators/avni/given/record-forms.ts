import {
  PROFILE_OF,
  type FormData,
  type OrganisationData,
  type Question,
} from '../../../connectors/avni/organisation/organisation-data.js';

export type RecordKind = keyof typeof PROFILE_OF;

const TYPE_KEY = { subject: 'subjectType', enrolment: 'program', programEncounter: 'encounterType', encounter: 'encounterType' } as const;

/** The forms that records of a kind and type are filled into. */
export function formsOf({ forms }: OrganisationData, kind: RecordKind, type: string, formType = PROFILE_OF[kind] as string): FormData[] {
  return forms.filter((form) => form.formType === formType && form[TYPE_KEY[kind]] === type);
}

/** What all of them ask; `undefined` where there is no form. */
export function questionsOf(forms: FormData[]): Question[] | undefined {
  if (forms.length === 0) return undefined;
  const all = forms.flatMap(({ questions }) => questions);
  // What one form needs, a record that was filled into another need not have.
  return forms.length === 1 ? all : all.map(({ mandatory: _mandatory, ...question }) => question);
}

/** The forms of its end: of an enrolment that is over, of a visit that was cancelled. */
export const END_OF = {
  enrolment: 'ProgramExit',
  programEncounter: 'ProgramEncounterCancellation',
  encounter: 'IndividualEncounterCancellation',
} as const;
