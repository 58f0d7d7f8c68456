import type { FormData, OrganisationData } from '../../../connectors/avni/organisation/organisation-data.js';
import { locationBody } from '../addresses.js';
import type { AvniOrganisation } from '../organisation.js';
import { Random } from '../random.js';
import type { AvniKind, Body, StoredRecord } from '../record.js';
import { LAST_DAY, MadeAnswers } from './made-answers.js';
import { END_OF, formsOf, questionsOf, type RecordKind } from './record-forms.js';

export interface MakeOptions {
  seed: number;
  /** About so many in all. */
  records: number;
  /** All stamps lie before it, in milliseconds. */
  before: number;
}

const DAY = 24 * 3600 * 1000;
const MONTHS = 180 * DAY;
const FIRST = ['Asha', 'Bhavani', 'Chandrika', 'Divya', 'Fatima', 'Gauri', 'हेमा', 'ಇಂದಿರಾ'] as const;
const LAST = ['Patil', 'Kulkarni', 'Nayak', 'पवार', 'Shetty'] as const;
/** Of all records, where there are all four kinds. */
const SHARE = { subject: 0.3, enrolment: 0.2, programEncounter: 0.3, encounter: 0.2 } as const;

/**
 * Fills an organisation with records that are answers to its forms: valid, deterministic by the
 * seed, with planned and cancelled visits, enrolments that are over, and voided records. Encounter
 * types without a form get none.
 */
export function makeRecords(organisation: AvniOrganisation, data: OrganisationData, options: MakeOptions): void {
  new Maker(organisation, data, options).make();
}

class Maker {
  private readonly random: Random;
  private readonly answers: MadeAnswers;
  private readonly made = new Map<string, StoredRecord[]>();
  private count = 0;
  private readonly begun = new Map<string, number>();

  constructor(
    private readonly organisation: AvniOrganisation,
    private readonly data: OrganisationData,
    private readonly options: MakeOptions,
  ) {
    this.random = new Random(options.seed);
    this.answers = new MadeAnswers(data, this.random, {
      subjects: (type) => this.of('subject', type),
      locations: organisation.metadata.locations.map(({ uuid }) => uuid),
    });
  }

  make(): void {
    const formsFor = (formType: FormData['formType']): FormData[] => this.data.forms.filter((form) => form.formType === formType);
    const visits = { programEncounter: formsFor('ProgramEncounter'), encounter: formsFor('Encounter') };
    const kinds = (Object.keys(SHARE) as RecordKind[]).filter((kind) => this.countOfTypes(kind, visits) > 0);
    const whole = kinds.reduce((sum, kind) => sum + SHARE[kind], 0);
    const each = (kind: RecordKind): number => {
      const types = this.countOfTypes(kind, visits);
      return types === 0 ? 0 : Math.max(1, Math.round((this.options.records * SHARE[kind]) / whole / types));
    };
    for (const type of this.subjectTypesInOrder()) this.times(each('subject'), () => this.subject(type));
    for (const member of new Set(this.data.groupRoles.map((role) => role.member))) this.memberships(member);
    for (const { name } of this.data.programs) this.times(each('enrolment'), () => this.enrolment(name));
    for (const form of visits.programEncounter) this.times(each('programEncounter'), () => this.programVisit(form));
    for (const form of visits.encounter) this.times(each('encounter'), () => this.generalVisit(form));
  }

  private countOfTypes(kind: RecordKind, visits: { programEncounter: FormData[]; encounter: FormData[] }): number {
    if (kind === 'subject') return this.data.subjectTypes.length;
    return kind === 'enrolment' ? this.data.programs.length : visits[kind].length;
  }

  /** Those that others refer to come first. */
  private subjectTypesInOrder(): string[] {
    const refersTo = (name: string): string[] => {
      const asked = new Set(formsOf(this.data, 'subject', name).flatMap(({ questions }) => questions.map(({ concept }) => concept)));
      return this.data.concepts.flatMap((concept) => (asked.has(concept.name) && concept.subjectType ? [concept.subjectType] : []));
    };
    const order: string[] = [];
    const visit = (name: string, above: string[]): void => {
      if (order.includes(name) || above.includes(name)) return;
      for (const other of refersTo(name)) visit(other, [...above, name]);
      order.push(name);
    };
    for (const { name } of this.data.subjectTypes) visit(name, []);
    return order;
  }

  private subject(type: string): void {
    const at = this.moment(LAST_DAY - 700 * DAY);
    const set = this.organisation.metadata.subjectTypes.find(({ name }) => name === type);
    const places = this.organisation.metadata.locations.filter((place) => set?.registeredAt.includes(place.type));
    const place = places[Math.floor(this.random.next() * places.length)];
    const asked = this.answers.to(questionsOf(formsOf(this.data, 'subject', type)) ?? [], at);
    const number = this.count + 1;
    const own = set?.person === true ? this.person(number) : { 'First name': `${type} ${number}` };
    this.add('subject', type, at, {
      'Subject type': type,
      'Registration date': dayOf(at),
      ...(place ? locationBody(place) : {}),
      observations: { ...asked, ...own },
    });
  }

  private person(number: number): Body {
    const born = LAST_DAY - this.random.between(18 * 365, 45 * 365) * DAY;
    const gender = this.data.genders[Math.floor(this.random.next() * this.data.genders.length)];
    return {
      'First name': `${this.random.pick(FIRST)}${number}`,
      'Last name': `${this.random.pick(LAST)}${number}`,
      'Date of birth': dayOf(born),
      ...(gender !== undefined ? { Gender: gender } : {}),
    };
  }

  private enrolment(program: string): void {
    const forms = formsOf(this.data, 'enrolment', program);
    const subject = this.oneOf('subject', forms[0]?.subjectType ?? this.firstPerson());
    if (!subject) return;
    const at = this.moment(this.begun.get(subject.id));
    const isOver = this.random.chance(0.2);
    const until = isOver ? this.moment(at) : undefined;
    const exit = questionsOf(formsOf(this.data, 'enrolment', program, END_OF.enrolment)) ?? [];
    this.add('enrolment', program, at, {
      ...ofSubject(subject),
      Program: program,
      'Enrolment datetime': momentOf(at),
      'Exit datetime': until === undefined ? null : momentOf(until),
      observations: this.answers.to(questionsOf(forms) ?? [], at),
      exitObservations: until === undefined ? {} : this.answers.to(exit, until),
    });
  }

  /** Nine in ten are in a group, by a role that they may have. */
  private memberships(type: string): void {
    const roles = this.data.groupRoles.filter(({ member }) => member === type);
    for (const { id } of this.of('subject', type)) {
      const role = roles[Math.floor(this.random.next() * roles.length)];
      const group = this.oneOf('subject', role?.group);
      if (!role || !group || group.id === id || this.random.chance(0.1)) continue;
      const begun = Math.max(this.begun.get(id) ?? 0, this.begun.get(group.id) ?? 0);
      const body = { 'Group ID': group.id, 'Member ID': id, Role: role.role, 'Membership start date': momentOf(begun) };
      const more = { id: this.random.uuid(), stamp: this.options.before - Math.floor(this.random.next() * MONTHS) };
      this.organisation.add('groupSubject', '', body, more);
    }
  }

  private firstPerson(): string | undefined {
    return (this.data.subjectTypes.find(({ type }) => type === 'Person') ?? this.data.subjectTypes[0])?.name;
  }

  private programVisit(form: FormData): void {
    const enrolment = this.oneOf('enrolment', form.program);
    const subject = enrolment && this.organisation.get(String(enrolment.body['Subject ID']));
    if (!enrolment || !subject) return;
    const more = { 'Enrolment ID': enrolment.id, Program: enrolment.body['Program'] };
    this.visit('programEncounter', form, this.moment(this.begun.get(enrolment.id)), { ...ofSubject(subject), ...more });
  }

  private generalVisit(form: FormData): void {
    const subject = this.oneOf('subject', form.subjectType ?? this.firstPerson());
    if (subject) this.visit('encounter', form, this.moment(this.begun.get(subject.id)), ofSubject(subject));
  }

  /** One in ten is only planned, one in twenty was cancelled. */
  private visit(kind: 'programEncounter' | 'encounter', form: FormData, at: number, of: Body): void {
    const what = this.random.next();
    const state = what < 0.1 ? 'planned' : what < 0.15 ? 'cancelled' : 'done';
    const type = form.encounterType ?? '';
    const cancelled = questionsOf(formsOf(this.data, kind, type, END_OF[kind])) ?? [];
    this.add(kind, type, at, {
      ...of,
      'Encounter type': type,
      'Encounter date time': state === 'done' ? momentOf(at) : null,
      'Earliest scheduled date': state === 'done' ? null : momentOf(at),
      'Max scheduled date': null,
      'Cancel date time': state === 'cancelled' ? momentOf(at) : null,
      observations: state === 'done' ? this.answers.to(form.questions, at) : {},
      cancelObservations: state === 'cancelled' ? this.answers.to(cancelled, at) : {},
    });
  }

  private add(kind: AvniKind, type: string, begun: number, body: Body): void {
    const stamp = this.options.before - Math.floor(this.random.next() * MONTHS);
    const more = { id: this.random.uuid(), stamp, voided: this.random.chance(0.01) };
    const record = this.organisation.add(kind, type, { 'External ID': null, ...body }, more);
    this.begun.set(record.id, begun);
    this.count += 1;
    for (const key of [kind, `${kind}/${type}`]) {
      const list = this.made.get(key) ?? [];
      list.push(record);
      this.made.set(key, list);
    }
  }

  private of(kind: AvniKind, type: string | undefined): StoredRecord[] {
    return this.made.get(type === undefined ? kind : `${kind}/${type}`) ?? [];
  }

  private oneOf(kind: AvniKind, type: string | undefined): StoredRecord | undefined {
    const all = this.of(kind, type);
    return all[Math.floor(this.random.next() * all.length)];
  }

  /** Some time from then on. */
  private moment(from = LAST_DAY - 700 * DAY): number {
    return from + Math.floor(this.random.next() * (LAST_DAY - from));
  }

  private times(count: number, make: () => void): void {
    for (let done = 0; done < count; done += 1) make();
  }
}

function ofSubject({ id, type }: StoredRecord): Body {
  return { 'Subject ID': id, 'Subject type': type };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function momentOf(time: number): string {
  return new Date(time).toISOString();
}
