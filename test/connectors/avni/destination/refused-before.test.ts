import { describe, expect, it } from '@jest/globals';
import { avniErrorTypes } from '../../../../src/connectors/avni/error-types.js';
import { classifier } from '../../../../src/errors/classify.js';
import { destinationWorld, everything, PERSON, withObservations, without } from './world.js';

const classify = classifier(avniErrorTypes, 'retry');
const SUBJECT = { subject: 'Beneficiary' };
const GROUP = { subject: 'Group' };
const VISIT = { encounter: 'Health check' };
const GROWTH = { programEncounter: 'Growth monitoring' };
const ENROLMENT = { enrolment: 'Nutrition' };
const AT = '2025-12-01T10:00:00+05:30';

type Body = Record<string, unknown>;
const seen = (name: string, value: unknown): Body => withObservations(PERSON, { [name]: value });

/** What a mapping makes, the error type that it must be, and where. */
const CASES: [why: string, to: object, body: Body, errorType: string, path: string][] = [
  ['no first name', SUBJECT, without(PERSON, 'First name'), 'FirstNameMissing', 'First name'],
  ['an empty first name', SUBJECT, { ...PERSON, 'First name': '' }, 'FirstNameMissing', 'First name'],
  ['no gender', SUBJECT, without(PERSON, 'Gender'), 'GenderMissing', 'Gender'],
  ['an unknown gender', SUBJECT, { ...PERSON, Gender: 'female' }, 'GenderMissing', 'Gender'],
  ['a gender of a group', GROUP, { 'First name': 'A', 'Registration date': '2025-01-01', Gender: 'Female' }, 'InvalidResource', 'Gender'],
  ['no registration date', SUBJECT, without(PERSON, 'Registration date'), 'RegistrationDateMissing', 'Registration date'],
  ['no registration date of a group', GROUP, { 'First name': 'A' }, 'RegistrationDateMissing', 'Registration date'],
  ['a date-time for a day', SUBJECT, { ...PERSON, 'Registration date': AT }, 'InvalidResource', 'Registration date'],
  ['a day that never was', SUBJECT, { ...PERSON, 'Date of birth': '2025-02-30' }, 'InvalidResource', 'Date of birth'],
  ['a middle name that Avni drops', SUBJECT, { ...PERSON, 'Middle name': 'K' }, 'InvalidResource', 'Middle name'],
  [
    'coordinates as PATCH wants them',
    SUBJECT,
    { ...PERSON, 'Registration Coordinates': { X: 1, Y: 2 } },
    'InvalidResource',
    'Registration Coordinates',
  ],
  ['no address', SUBJECT, without(PERSON, 'Address'), 'AddressMissing', 'Address'],
  ['an unknown address', SUBJECT, { ...PERSON, Address: 'Karnataka,Mysuru,Varuna' }, 'AddressNotFound', 'Address'],
  ['an address of a wrong level', SUBJECT, { ...PERSON, Address: 'Karnataka, Mysuru' }, 'AddressLevelWrong', 'Address'],
  ['half an address map', SUBJECT, { ...without(PERSON, 'Address'), 'Address map': { Village: 'Varuna' } }, 'AddressNotFound', 'Address'],
  ['two addresses', SUBJECT, { ...PERSON, 'Location ID': 'x' }, 'InvalidResource', 'Address and Location ID'],
  ['an unknown location', SUBJECT, { ...without(PERSON, 'Address'), 'Location ID': 'x' }, 'AddressNotFound', 'Address'],
  ['an unknown concept', SUBJECT, seen('No such', 1), 'ConceptNotFound', 'observations'],
  ['an answer for a question', SUBJECT, seen('Fever', 'x'), 'InvalidResource', 'observations.Fever'],
  ['an unknown answer', SUBJECT, seen('Blood group', 'Z'), 'AnswerNotFound', 'observations.Blood group'],
  ['an answer to another question', SUBJECT, seen('Blood group', 'Fever'), 'AnswerNotFound', 'observations.Blood group'],
  ['a concept for an answer', SUBJECT, seen('Blood group', 'Weight'), 'AnswerNotFound', 'observations.Blood group'],
  [
    'one unknown answer of several',
    SUBJECT,
    seen('Languages spoken', ['Hindi', 'Latin']),
    'AnswerNotFound',
    'observations.Languages spoken',
  ],
  ['a text for a number', SUBJECT, seen('Weight', '12'), 'InvalidResource', 'observations.Weight'],
  ['a number above its bound', SUBJECT, seen('Haemoglobin', 31), 'InvalidResource', 'observations.Haemoglobin'],
  ['a number below its bound', SUBJECT, seen('Number of members', -1), 'InvalidResource', 'observations.Number of members'],
  ['a number for a text', SUBJECT, seen('Remarks', 12), 'InvalidResource', 'observations.Remarks'],
  ['a date that is none', SUBJECT, seen('Last check date', '2025-13-01'), 'InvalidResource', 'observations.Last check date'],
  ['a date-time without a zone', SUBJECT, seen('Sample taken', '2025-12-01T10:00:00'), 'InvalidResource', 'observations.Sample taken'],
  ['a time that is none', SUBJECT, seen('Feeding time', '25:00'), 'InvalidResource', 'observations.Feeding time'],
  ['a duration in words', SUBJECT, seen('Duration of illness', '2 months'), 'InvalidResource', 'observations.Duration of illness'],
  ['a telephone number with signs', SUBJECT, seen('Mobile', '+91 90000-00001'), 'InvalidResource', 'observations.Mobile'],
  ['a picture that is no address', SUBJECT, seen('Photo', 'cat.jpg'), 'InvalidResource', 'observations.Photo'],
  ['a name for a subject', SUBJECT, seen('Guardian', 'Lakshmi'), 'InvalidResource', 'observations.Guardian'],
  ['a value for a group', SUBJECT, seen('Household', 3), 'InvalidResource', 'observations.Household'],
  ['an unknown concept in a group', SUBJECT, seen('Household', { Nope: 1 }), 'ConceptNotFound', 'observations.Household'],
  [
    'a wrong value in a repeated group',
    SUBJECT,
    seen('Household', [{ Toilet: { Seats: 1 } }, { Toilet: { Seats: 'x' } }]),
    'InvalidResource',
    'observations.Household.Toilet.Seats',
  ],
  ['a visit of nobody', VISIT, { 'Encounter date time': AT }, 'InvalidResource', 'Subject ID'],
  ['a visit without a date', VISIT, { 'Subject ID': 's' }, 'EncounterDateMissing', 'Encounter date time'],
  [
    'a cancelled visit that was never due',
    VISIT,
    { 'Subject ID': 's', 'Cancel date time': AT },
    'EncounterDateMissing',
    'Encounter date time',
  ],
  [
    'a visit due until before it is due',
    VISIT,
    { 'Subject ID': 's', 'Earliest scheduled date': AT, 'Max scheduled date': '2025-01-01T00:00:00Z' },
    'InvalidResource',
    'Max scheduled date',
  ],
  [
    'a visit both done and cancelled',
    GROWTH,
    { 'Enrolment ID': 'e', 'Encounter date time': AT, 'Cancel date time': AT },
    'DoneAndCancelled',
    'Cancel date time',
  ],
  ['a visit at no known time', VISIT, { 'Subject ID': 's', 'Encounter date time': '2025-12-01' }, 'InvalidResource', 'Encounter date time'],
  ['an enrolment without a date', ENROLMENT, { 'Subject ID': 's' }, 'EnrolmentDateMissing', 'Enrolment datetime'],
];

describe('what Avni would refuse, or take as nobody means it, is not sent', () => {
  it.each(CASES)('%s', async (_why, to, body, errorType, path) => {
    const { to: typed, organisation, simulator } = await destinationWorld();
    const outcome = await typed(to).one('r', body);
    if (outcome.kind !== 'refused') throw new Error(`It came to ${outcome.kind}`);
    const { errorType: found } = classify(outcome.error);
    expect([found, outcome.error.path]).toEqual([errorType, path]);
    expect(simulator.requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
    expect(everything(organisation)).toEqual([]);
  });

  it('and what it has is left as it is, until the record is mended', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to(SUBJECT);
    await one('p', PERSON);
    const before = everything(organisation);
    for (const [, , body] of CASES.filter(([, kind, , type]) => kind === SUBJECT && type !== 'AddressMissing'))
      expect((await one('p', body)).kind).toBe('refused');
    expect(everything(organisation)).toEqual(before);
    expect((await one('p', { ...PERSON, 'Last name': 'Patil' })).kind).toBe('updated');
  });

  it('while the first address of a subject that has none, and a parent that is not there, are told', async () => {
    const { to, organisation } = await destinationWorld();
    const groups = to(GROUP);
    const group = { 'First name': 'A', 'Registration date': '2025-01-01' };
    await groups.one('g', group);
    const refusal = async (typed: typeof groups, id: string, body: Body): Promise<string> => {
      const outcome = await typed.one(id, body);
      return outcome.kind === 'refused' ? classify(outcome.error).errorType : outcome.kind;
    };
    expect(await refusal(groups, 'g', { ...group, Address: 'Karnataka, Mysuru, Varuna' })).toBe('AddressFirstGiven');
    expect((await groups.one('g', { ...group, 'First name': 'B' })).kind).toBe('updated');
    expect(await refusal(to(VISIT, { entityType: 'Visit' }), 'v', { 'Subject ID': 'nobody', 'Encounter date time': AT })).toBe(
      'SubjectNotFound',
    );
    expect(await refusal(to(GROWTH, { entityType: 'Growth' }), 'v', { 'Enrolment ID': 'none', 'Encounter date time': AT })).toBe(
      'EnrolmentNotFound',
    );
    expect(organisation.all()).toHaveLength(1);
  });

  it('and an answer, a concept or a gender that was added meanwhile is taken at once', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to(SUBJECT);
    const { metadata } = organisation;
    const blood = metadata.concepts.find(({ name }) => name === 'Blood group');
    const body = withObservations({ ...PERSON, Gender: 'Third' }, { 'Blood group': 'AB', Caste: 'x' });
    const refusal = async (): Promise<string> => {
      const outcome = await one('p', body);
      return outcome.kind === 'refused' ? outcome.error.code : outcome.kind;
    };
    expect(await refusal()).toBe('AnswerNotFound');
    metadata.concepts.push({ name: 'AB', uuid: 'ab', dataType: 'NA' });
    blood?.answers?.push('AB');
    expect(await refusal()).toBe('ConceptNotFound');
    metadata.concepts.push({ name: 'Caste', uuid: 'caste', dataType: 'Text' });
    expect(await refusal()).toBe('GenderMissing');
    metadata.genders.push('Third');
    expect(await refusal()).toBe('created');
  });
});
