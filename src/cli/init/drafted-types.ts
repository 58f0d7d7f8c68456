import {
  PROFILE_OF,
  type ConceptData,
  type FormData,
  type OrganisationData,
  type Question,
} from '../../connectors/avni/organisation/organisation-data.js';

export type DraftKind = keyof typeof PROFILE_OF;

/** A question of a table: what it is of, and which value of an Observation it becomes. */
export interface DraftRow {
  group: string;
  concept: string;
  unit: string;
  kind: string;
}

/** An entity type to be written. */
export interface DraftedType {
  /** `[A-Za-z0-9-]`, of its own. */
  name: string;
  kind: DraftKind;
  /** As Avni calls it. */
  type: string;
  isPerson: boolean;
  rows: DraftRow[];
  /** Question groups that repeat. */
  repeating: string[];
  /** Concepts that nothing is made of yet. */
  ignored: string[];
  /** Names of the entity types of its subject and its enrolment. */
  subject?: string;
  enrolment?: string;
}

/** A type that no entity type is made of, and why. */
export interface LeftOut {
  type: string;
  why: string;
}

/** Data types whose answers an Observation has, by the name of the kind in a table. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['Numeric', 'quantity'],
  ['Coded', 'choice'],
  ['Date', 'date'],
  ['DateTime', 'dateTime'],
  ['Text', 'text'],
  ['Notes', 'text'],
  ['Time', 'text'],
  ['Duration', 'text'],
  ['Id', 'text'],
]);

/** The entity types that a definition for this organisation has, parents first. */
export function draftedTypes(data: OrganisationData): { types: DraftedType[]; leftOut: LeftOut[] } {
  return new Drafting(data).draft();
}

class Drafting {
  private readonly types: DraftedType[] = [];
  private readonly leftOut: LeftOut[] = [];
  private readonly names = new Set<string>();
  private readonly concepts: ReadonlyMap<string, ConceptData>;

  constructor(private readonly data: OrganisationData) {
    this.concepts = new Map(data.concepts.map((concept) => [concept.name, concept]));
  }

  draft(): { types: DraftedType[]; leftOut: LeftOut[] } {
    const { subjectTypes, programs } = this.data;
    for (const { name, type } of subjectTypes) {
      const forms = this.forms('IndividualProfile', ({ subjectType }) => subjectType === name);
      this.add('subject', name, forms, { isPerson: type === 'Person' });
    }
    for (const { name } of programs) {
      const forms = this.forms('ProgramEnrolment', ({ program }) => program === name);
      const exits = this.forms('ProgramExit', ({ program }) => program === name);
      const subject = this.subjectOf(forms);
      if (subject?.isPerson !== true) this.leave(name, 'it enrols no persons, so that no EpisodeOfCare is of them');
      else this.add('enrolment', name, forms, { isPerson: true, subject: subject.name }, exits);
    }
    this.visits('programEncounter', 'ProgramEncounterCancellation');
    this.visits('encounter', 'IndividualEncounterCancellation');
    return { types: this.types, leftOut: this.leftOut };
  }

  private visits(kind: 'programEncounter' | 'encounter', cancellation: FormData['formType']): void {
    const all = this.forms(PROFILE_OF[kind], () => true);
    for (const name of new Set(all.flatMap(({ encounterType }) => encounterType ?? []))) {
      const forms = all.filter(({ encounterType }) => encounterType === name);
      const ends = this.forms(cancellation, ({ encounterType }) => encounterType === name);
      const subject = this.subjectOf(forms);
      const enrolment = this.types.find(({ kind: of, type }) => of === 'enrolment' && type === forms[0]?.program);
      if (!subject) this.leave(name, 'no form says of which subject type it is');
      else if (kind === 'programEncounter' && !enrolment) this.leave(name, 'its program is left out');
      else
        this.add(
          kind,
          name,
          forms,
          { isPerson: subject.isPerson, subject: subject.name, ...(enrolment ? { enrolment: enrolment.name } : {}) },
          ends,
        );
    }
  }

  private leave(type: string, why: string): void {
    this.leftOut.push({ type, why });
  }

  private forms(formType: FormData['formType'], fits: (form: FormData) => boolean): FormData[] {
    return this.data.forms.filter((form) => form.formType === formType && fits(form));
  }

  private subjectOf(forms: FormData[]): DraftedType | undefined {
    const subjects = this.types.filter(({ kind }) => kind === 'subject');
    const named = forms[0]?.subjectType;
    return named === undefined ? subjects.find(({ isPerson }) => isPerson) : subjects.find(({ type }) => type === named);
  }

  private add(
    kind: DraftKind,
    type: string,
    forms: FormData[],
    more: Pick<DraftedType, 'isPerson' | 'subject' | 'enrolment'>,
    ends: FormData[] = [],
  ): void {
    const drafted: DraftedType = { name: this.nameOf(type), kind, type, rows: [], repeating: [], ignored: [], ...more };
    for (const question of forms.flatMap(({ questions }) => questions)) this.ask(question, '', drafted);
    for (const concept of ends.flatMap(({ questions }) => allConcepts(questions))) ignore(drafted, concept);
    this.types.push(drafted);
  }

  private ask({ concept: name, several, repeatable, questions = [] }: Question, group: string, drafted: DraftedType): void {
    const concept = this.concepts.get(name);
    if (concept?.dataType === 'QuestionGroup' && group === '') {
      if (repeatable === true && !drafted.repeating.includes(name)) drafted.repeating.push(name);
      for (const inner of questions) this.ask(inner, name, drafted);
      return;
    }
    const kind = KINDS.get(concept?.dataType ?? '');
    if (kind === undefined) return [name, ...allConcepts(questions)].forEach((each) => ignore(drafted, each));
    if (drafted.rows.some((row) => row.group === group && row.concept === name)) return;
    drafted.rows.push({ group, concept: name, unit: concept?.unit ?? '', kind: several === true ? `${kind}s` : kind });
  }

  /** Of the letters and digits of a name, each word with a capital. */
  private nameOf(type: string): string {
    const words = type.match(/[A-Za-z0-9]+/g) ?? [];
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
    const base = (joined === '' ? 'Type' : joined).slice(0, 50);
    let name = base;
    for (let number = 2; this.names.has(name.toLowerCase()); number += 1) name = `${base}${number}`;
    this.names.add(name.toLowerCase());
    return name;
  }
}

function ignore(drafted: DraftedType, concept: string): void {
  if (!drafted.ignored.includes(concept)) drafted.ignored.push(concept);
}

function allConcepts(questions: Question[]): string[] {
  return questions.flatMap(({ concept, questions: inner = [] }) => [concept, ...allConcepts(inner)]);
}
