import { unknown } from '../../../connectors/avni/organisation/check-organisation.js';
import { BadOrganisation, type FileProblem } from '../../../connectors/avni/organisation/bad-organisation.js';
import type { OrganisationData } from '../../../connectors/avni/organisation/organisation-data.js';
import { locationBody } from '../addresses.js';
import { lineage, type Location } from '../metadata.js';
import type { AvniOrganisation } from '../organisation.js';
import type { Body } from '../record.js';
import { AnswerCheck, type AnswerProblem } from './check-answers.js';
import { idOf, kindOfGiven, type GivenRecord } from './given-record.js';
import type { PlacedRecord } from './read-records.js';
import { END_OF, formsOf, questionsOf, type RecordKind } from './record-forms.js';

/** What a subject has besides the answers of its form. */
const OF_SUBJECTS = ['First name', 'Middle name', 'Last name', 'Date of birth', 'Gender', 'Profile picture'];
const TYPE_FIELD = {
  subject: 'Subject type',
  enrolment: 'Program',
  programEncounter: 'Encounter type',
  encounter: 'Encounter type',
} as const;

/**
 * Adds records to an organisation, in their order, a second apart, the last `before`. Each must fit
 * its form. @throws BadOrganisation with all that is wrong; then none is added
 */
export function addRecords(organisation: AvniOrganisation, data: OrganisationData, records: PlacedRecord[], before: number): void {
  const adding = new Adding(organisation, data, records);
  const problems = records.flatMap((record): FileProblem[] => {
    const { file, number, given } = record;
    const where = `record ${number}${given.ID === undefined ? '' : ` (${given.ID})`}`;
    return adding.problemsOf(given).map(({ path, message }) => ({ file, path: path === '' ? where : `${where} » ${path}`, message }));
  });
  if (problems.length > 0) throw new BadOrganisation(problems);
  records.forEach((record, index) => adding.add(record.given, before - (records.length - 1 - index) * 1000));
}

class Adding {
  private readonly answers: AnswerCheck;
  private readonly kinds = new Map<string, RecordKind | undefined>();
  private readonly byId = new Map<string, GivenRecord>();
  private readonly twice = new Set<string>();

  constructor(
    private readonly organisation: AvniOrganisation,
    private readonly data: OrganisationData,
    records: PlacedRecord[],
  ) {
    this.answers = new AnswerCheck(data);
    for (const { given } of records) {
      if (given.ID === undefined) continue;
      const id = idOf(given.ID);
      if (this.byId.has(id)) this.twice.add(id);
      this.byId.set(id, given);
      this.kinds.set(id, kindOfGiven(given));
    }
  }

  problemsOf(given: GivenRecord): AnswerProblem[] {
    const kind = kindOfGiven(given);
    if (!kind) return [{ path: '', message: 'It needs a "Subject type", a "Program" or an "Encounter type".' }];
    const type = given[TYPE_FIELD[kind]] ?? '';
    const { subjectTypes, programs, encounterTypes } = this.data;
    const types = kind === 'subject' ? subjectTypes : kind === 'enrolment' ? programs : encounterTypes;
    const wrongType = types.some(({ name }) => name === type) ? [] : [unknown(TYPE_FIELD[kind], type, types, 'type')];
    const again = given.ID !== undefined && this.twice.has(idOf(given.ID)) ? [{ path: 'ID', message: 'Two records have it.' }] : [];
    return [
      ...again,
      ...wrongType,
      ...this.wrongParent(given, kind),
      ...this.wrongAddress(given, kind),
      ...this.wrongAnswers(given, kind, type),
    ];
  }

  add(given: GivenRecord, stamp: number): void {
    const kind = kindOfGiven(given) ?? 'subject';
    const { ID, Voided, Address, 'Subject ID': subject, 'Enrolment ID': enrolment, ...rest } = given;
    const place = Address === undefined ? undefined : this.placesAt(Address)[0];
    const body: Body = { 'External ID': null, ...rest, ...(place ? locationBody(place) : {}) };
    if (kind !== 'subject') body['Subject ID'] = this.subjectOf(subject, enrolment);
    if (kind === 'programEncounter' && enrolment !== undefined) {
      body['Enrolment ID'] = idOf(enrolment);
      body['Program'] = given.Program ?? this.byId.get(idOf(enrolment))?.Program;
    }
    if (kind !== 'subject') body['Subject type'] = this.byId.get(String(body['Subject ID']))?.['Subject type'];
    const id = ID === undefined ? {} : { id: idOf(ID) };
    this.organisation.add(kind, given[TYPE_FIELD[kind]] ?? '', body, { ...id, stamp, voided: Voided ?? false });
  }

  private subjectOf(subject: string | undefined, enrolment: string | undefined): string {
    const own = subject ?? (enrolment === undefined ? undefined : this.byId.get(idOf(enrolment))?.['Subject ID']);
    return idOf(own ?? '');
  }

  private wrongParent(given: GivenRecord, kind: RecordKind): AnswerProblem[] {
    if (kind === 'subject') return [];
    const [field, wanted] = kind === 'programEncounter' ? (['Enrolment ID', 'enrolment'] as const) : (['Subject ID', 'subject'] as const);
    const label = given[field];
    if (label === undefined) return [{ path: field, message: 'It is missing.' }];
    const isThere = this.kinds.get(idOf(label)) === wanted;
    return isThere ? [] : [{ path: field, message: `No ${wanted} of these files has this ID.` }];
  }

  private wrongAddress({ Address }: GivenRecord, kind: RecordKind): AnswerProblem[] {
    if (Address === undefined) return [];
    if (kind !== 'subject') return [{ path: 'Address', message: 'Only a subject has an address.' }];
    const count = this.placesAt(Address).length;
    if (count === 1) return [];
    return [{ path: 'Address', message: count === 0 ? 'There is no such location.' : 'There are several: name all levels, from the top.' }];
  }

  /** By title, or by all titles from the top, as Avni joins them. */
  private placesAt(address: string): Location[] {
    const all = this.organisation.metadata.locations;
    return all.filter(
      (place) =>
        place.title === address ||
        lineage(place)
          .map(({ title }) => title)
          .join(', ') === address,
    );
  }

  private wrongAnswers(given: GivenRecord, kind: RecordKind, type: string): AnswerProblem[] {
    const questions = questionsOf(formsOf(this.data, kind, type));
    const isVisit = kind === 'encounter' || kind === 'programEncounter';
    const complete = !isVisit || isSet(given['Encounter date time']);
    const besides = kind === 'subject' ? OF_SUBJECTS : [];
    const found = this.answers.problemsOf(given.observations, { questions, complete, besides }, 'observations');
    if (kind === 'subject') return [...found, ...this.wrongPerson(given)];
    const [name, when] =
      kind === 'enrolment' ? (['exitObservations', 'Exit datetime'] as const) : (['cancelObservations', 'Cancel date time'] as const);
    const end = { questions: questionsOf(formsOf(this.data, kind, type, END_OF[kind])), complete: isSet(given[when]) };
    return [...found, ...this.answers.problemsOf(given[name] ?? {}, end, name)];
  }

  private wrongPerson({ observations, 'Subject type': type }: GivenRecord): AnswerProblem[] {
    const first =
      typeof observations['First name'] === 'string' ? [] : [{ path: 'observations » First name', message: 'It must be text.' }];
    const isPerson = this.organisation.metadata.subjectTypes.find(({ name }) => name === type)?.person === true;
    if (!isPerson || this.data.genders.includes(String(observations['Gender']))) return first;
    return [...first, { path: 'observations » Gender', message: `It must be one of ${this.data.genders.join(', ')}.` }];
  }
}

function isSet(value: string | null | undefined): boolean {
  return value !== null && value !== undefined;
}
