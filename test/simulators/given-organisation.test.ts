import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readOrganisation } from '../../src/connectors/avni/organisation/read-organisation.js';
import { addRecords } from '../../src/simulators/avni/given/add-records.js';
import { givenMetadata } from '../../src/simulators/avni/given/given-metadata.js';
import { givenOrganisation } from '../../src/simulators/avni/given/given-organisation.js';
import type { GivenRecord } from '../../src/simulators/avni/given/given-record.js';
import { AvniOrganisation, type StoredRecord } from '../../src/simulators/avni/organisation.js';
import { folderOf, OWN } from '../support/own-organisation.js';

const folders: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of folders.splice(0)) await remove();
});

async function folder(files: Record<string, string | object>): Promise<string> {
  const made = await folderOf(files);
  folders.push(made.remove);
  return made.path;
}

const BEFORE = Date.UTC(2026, 5, 1);

/** A stored record as a file would have it. */
function asGiven({ id, voided, body }: StoredRecord): GivenRecord {
  const { location, 'Location ID': _place, 'Subject type': type, ...rest } = body;
  const village = (location as Record<string, string> | undefined)?.['Village'];
  return {
    ID: id,
    Voided: voided,
    ...(village !== undefined ? { Address: village } : {}),
    ...(type !== undefined ? { 'Subject type': type } : {}),
    ...rest,
  } as GivenRecord;
}

describe('records made from forms', () => {
  it('are valid answers to them, the same for the same seed, with parents, and dates in order', async () => {
    const path = await folder({ 'organisation.yaml': OWN });
    const make = (seed: number) => givenOrganisation({ path, seed, records: 300, before: BEFORE });
    const [one, same, other] = [await make(1), await make(1), await make(2)];
    expect(same.all()).toEqual(one.all());
    expect(other.all()).not.toEqual(one.all());
    const all = one.all();
    expect(all.length).toBeGreaterThan(280);
    const kinds = new Set(all.map(({ kind, type }) => `${kind}/${type}`));
    expect([...kinds].sort()).toEqual([
      'encounter/Home visit',
      'enrolment/Pregnancy',
      'groupSubject/',
      'programEncounter/Antenatal visit',
      'subject/Household',
      'subject/Woman',
    ]);
    for (const { body } of all) {
      const start = String(body['Enrolment datetime'] ?? '');
      if (start !== '' && body['Exit datetime'] !== null) expect(start <= String(body['Exit datetime'])).toBe(true);
    }
    // The check of records from files is the judge of those that are made.
    const data = await readOrganisation(path);
    const again = new AvniOrganisation(Date.now, givenMetadata(data));
    const others = all.filter(({ kind }) => kind !== 'groupSubject');
    expect(all.length - others.length).toBeGreaterThan(30);
    const records = others.map((record, index) => ({ file: 'made', number: index + 1, given: asGiven(record) }));
    addRecords(again, data, records, BEFORE);
    expect(again.all().length).toBe(others.length);
    // Every kind of state occurs.
    const visits = all.filter(({ kind }) => kind === 'programEncounter').map(({ body }) => body);
    expect(visits.some((body) => body['Encounter date time'] === null && body['Cancel date time'] === null)).toBe(true);
    expect(
      visits.some((body) => ((body['observations'] as Record<string, unknown>)['Medicines'] as unknown[] | undefined)?.length === 3),
    ).toBe(true);
  });
});

const RECORDS = `
- { ID: house-1, Subject type: Household, Registration date: 2026-01-10, Address: Varuna, observations: { First name: House 1, Water source: Well } }
- { ID: asha, Subject type: Woman, Registration date: 2026-01-11, Address: "Mysuru, Varuna", observations: { First name: Asha, Gender: Female, Household: house-1 } }
- { ID: asha-1, Subject ID: asha, Program: Pregnancy, Enrolment datetime: 2026-02-01T10:00:00Z, observations: { Last period: 2025-12-01 } }
- { Enrolment ID: asha-1, Encounter type: Antenatal visit, Encounter date time: 2026-02-02T10:00:00Z,
    observations: { Haemoglobin: 9.5, Danger signs: [Fever, Bleeding], Medicines: [{ Medicine: Iron, Tablets: 30 }] } }
- { Group ID: house-1, Member ID: asha, Role: Mother }
`;

describe('records in files', () => {
  it('are what the organisation has, in their order, and no others', async () => {
    const path = await folder({ 'organisation.yaml': OWN, 'records/all.yaml': RECORDS });
    const all = (await givenOrganisation({ path, seed: 1, records: 100, before: BEFORE })).all();
    expect(all.map(({ kind }) => kind)).toEqual(['subject', 'subject', 'enrolment', 'programEncounter', 'groupSubject']);
    const [house, asha, enrolment, visit, membership] = all;
    expect(membership?.body).toMatchObject({ 'Group ID': house?.id, 'Member ID': asha?.id, Role: 'Mother' });
    expect(asha?.body['location']).toMatchObject({ Village: 'Varuna', District: 'Mysuru' });
    expect(visit?.body).toMatchObject({
      'Subject ID': asha?.id,
      'Enrolment ID': enrolment?.id,
      Program: 'Pregnancy',
      'Subject type': 'Woman',
    });
    expect(visit?.stamp).toBe(BEFORE);
  });

  it.each([
    ['Haemoglobin: 9.5', 'Haemoglobin: 95', 'all.yaml: record 4 » observations » Haemoglobin: It is above what the concept takes, 18.5.'],
    ['Haemoglobin: 9.5', 'Haemoglobin: "9.5"', 'record 4 » observations » Haemoglobin: It must be a number.'],
    ['Haemoglobin: 9.5, ', '', 'record 4 » observations » Haemoglobin: The form asks for it, and it is missing.'],
    [
      'Haemoglobin: 9.5',
      'Hemoglobin: 9.5',
      'record 4 » observations » Hemoglobin: There is no concept "Hemoglobin". Did you mean "Haemoglobin"?',
    ],
    ['[Fever, Bleeding]', '[Fewer]', 'Danger signs: It must be one of its answers: Bleeding, Fever, Headache.'],
    [
      'Water source: Well',
      'Water source: [Well]',
      'record 1 (house-1) » observations » Water source: The form takes one answer, and this is a list.',
    ],
    ['[{ Medicine: Iron, Tablets: 30 }]', '{ Medicine: Iron }', 'Medicines: The group repeats: its rows must be a list.'],
    ['{ Medicine: Iron, Tablets: 30 }', '{ Tablets: 300 }', 'Medicines » 1 » Tablets: It is above'],
    ['Last period: 2025-12-01', 'Last period: 2025-02-30', 'Last period: It must be a day'],
    ['Last period: 2025-12-01', 'Reason: x', 'record 3 (asha-1) » observations » Reason: The form does not ask for it.'],
    ['Subject ID: asha,', 'Subject ID: asah,', 'record 3 (asha-1) » Subject ID: No subject of these files has this ID.'],
    ['Enrolment ID: asha-1', 'Enrolment ID: asha', 'record 4 » Enrolment ID: No enrolment of these files has this ID.'],
    ['Address: Varuna', 'Address: Verona', 'record 1 (house-1) » Address: There is no such location.'],
    ['Gender: Female', 'Gender: F', 'record 2 (asha) » observations » Gender: It must be one of Female, Male, Other.'],
    ['Subject type: Woman', 'Subject type: Women', 'record 2 (asha) » Subject type: There is no type "Women". Did you mean "Woman"?'],
    ['Role: Mother', 'Role: Aunt', 'record 5 » Role: It must be one of Mother.'],
    ['Group ID: house-1', 'Group ID: house-2', 'record 5 » Group ID: No subject of these files has this ID.'],
    ['Group ID: house-1, Member ID: asha', 'Group ID: asha, Member ID: house-1', 'No member of type "Household" has a role in a "Woman".'],
    ['ID: asha-1', 'ID: asha', 'ID: Two records have it.'],
    ['Registration date: 2026-01-10', 'Registration date: 10/01/2026', 'record 1 » Registration date: must be a day'],
    ['Encounter date time:', 'Encounter datetime:', 'record 4'],
    ['Encounter type: Antenatal visit', 'Encounter type: Antenatal', 'There is no type "Antenatal".'],
    [RECORDS, 'records: 7', 'all.yaml: must be a list of records.'],
    [RECORDS, '- {', 'all.yaml: The file is not YAML: line'],
  ])('are refused where they break the forms: %#', async (from, to, message) => {
    expect(RECORDS).toContain(from);
    const path = await folder({ 'organisation.yaml': OWN, 'records/all.yaml': RECORDS.replace(from, to) });
    await expect(givenOrganisation({ path, seed: 1, records: 100 })).rejects.toThrow(message);
  });

  it('are refused without their values: only names of what was set up are told', async () => {
    const path = await folder({ 'organisation.yaml': OWN, 'records.yaml': RECORDS.replace('Gender: Female', 'Gender: SecretGender') });
    const error = await givenOrganisation({ path, seed: 1, records: 100 }).catch((each: unknown) => each as Error);
    expect(String(error)).toContain('Gender');
    expect(String(error)).not.toContain('SecretGender');
  });
});

const named = (name: string) => ({ name, uuid: `uuid-of-${name}`, active: true });
const element = (name: string, more: object = {}) => ({
  name,
  uuid: `element-${name}`,
  keyValues: [],
  concept: named(name),
  type: 'SingleSelect',
  displayOrder: 1,
  ...more,
});

/** The shape that a bundle of an Avni server has. */
const BUNDLE = {
  'concepts.json': [
    {
      ...named('Symptoms'),
      dataType: 'Coded',
      answers: [
        { ...named('Fever'), order: 0 },
        { ...named('Old'), voided: true },
      ],
    },
    { ...named('Fever'), dataType: 'NA' },
    { ...named('Pulse'), dataType: 'Numeric', lowAbsolute: 30, highAbsolute: 200, unit: '/min' },
    { ...named('Vitals'), dataType: 'QuestionGroup' },
    { ...named('Gone'), dataType: 'Text', voided: true },
  ],
  'subjectTypes.json': [{ ...named('Individual'), type: 'Person', group: false }],
  'programs.json': [],
  'groupRoles.json': [{ role: 'Head', groupSubjectTypeUUID: 'uuid-of-Individual', memberSubjectTypeUUID: 'uuid-of-Individual' }],
  'encounterTypes.json': [named('Check')],
  'formMappings.json': [
    {
      uuid: 'm1',
      formUUID: 'f1',
      subjectTypeUUID: 'uuid-of-Individual',
      encounterTypeUUID: 'uuid-of-Check',
      formType: 'Encounter',
      formName: 'Check',
    },
    { uuid: 'm2', formUUID: 'f2', formType: 'Encounter', voided: true },
  ],
  'addressLevelTypes.json': [{ ...named('Village'), level: 1 }],
  'locations.json': [{ ...named('Varuna'), level: 1, type: 'Village', parents: [] }],
  'forms/Check.json': {
    name: 'Check',
    uuid: 'f1',
    formType: 'Encounter',
    formElementGroups: [
      {
        name: 'Group',
        formElements: [
          element('Symptoms', { type: 'MultiSelect', mandatory: true }),
          element('Vitals', { keyValues: [{ key: 'repeatable', value: true }] }),
          element('Pulse', { parentFormElementUuid: 'element-Vitals', mandatory: true }),
          element('Gone', { voided: true }),
        ],
      },
    ],
  },
};

describe('a bundle of Avni', () => {
  it('is read by names, without what is voided, groups with their questions', async () => {
    const data = await readOrganisation(await folder(BUNDLE));
    expect(data).toMatchObject({ subjectTypes: [{ name: 'Individual', type: 'Person' }], encounterTypes: [{ name: 'Check' }] });
    expect(data.concepts.map(({ name, answers }) => [name, answers])).toEqual([
      ['Symptoms', ['Fever']],
      ['Fever', undefined],
      ['Pulse', undefined],
      ['Vitals', undefined],
    ]);
    expect(data.groupRoles).toEqual([{ group: 'Individual', member: 'Individual', role: 'Head' }]);
    expect(data.forms).toEqual([
      {
        name: 'Check',
        uuid: 'f1',
        formType: 'Encounter',
        subjectType: 'Individual',
        encounterType: 'Check',
        questions: [
          { concept: 'Symptoms', mandatory: true, several: true },
          { concept: 'Vitals', repeatable: true, questions: [{ concept: 'Pulse', mandatory: true }] },
        ],
      },
    ]);
    const organisation = await givenOrganisation({ path: await folder(BUNDLE), seed: 1, records: 50 });
    expect(organisation.all().filter(({ kind }) => kind === 'encounter').length).toBeGreaterThan(10);
  });

  it.each([
    [{ 'organisation.yaml': OWN }, 'it must have one of them'],
    [{ 'forms/Check.json': { name: 'Check', formElementGroups: [] } }, 'Check.json: uuid: is missing.'],
    [{ 'forms/Check.json': '{' }, 'Check.json: The file is not JSON'],
    [{ 'forms/Check.json': { ...BUNDLE['forms/Check.json'], uuid: 'f9' } }, 'formMappings.json: No file of forms/ has the form f1.'],
    [{ 'concepts.json': BUNDLE['concepts.json'].slice(0, 2) }, 'forms » 1 » Vitals: There is no concept "Vitals".'],
    [{ 'concepts.json': { concepts: [] } }, 'concepts.json: '],
  ])('is refused in words where its files are wrong: %#', async (change, message) => {
    const path = await folder({ ...BUNDLE, ...change });
    await expect(readOrganisation(path)).rejects.toThrow(message);
  });
});

it.each([
  ['organisation: x', 'subjectTypes'],
  [OWN.replace('program: Pregnancy,', 'program: Pregnency,'), 'There is no program "Pregnency". Did you mean "Pregnancy"?'],
  [OWN.replace('formType: ProgramExit', 'formType: Exit'), 'forms » 4 » formType: must be one of IndividualProfile'],
  [OWN.replace('low: 1.5', 'low: 99'), 'concepts » Haemoglobin: "low" is above "high".'],
  [OWN.replace('parent: Mysuru', 'parent: Varuna'), 'A location lies within itself.'],
  [OWN.replace('programs:', 'programmes:'), 'programmes'],
  [OWN.replace('{ name: Home visit }', '{ name: Antenatal visit }'), '"Antenatal visit" is there twice.'],
])('what is set up is refused where it is wrong: %#', async (text, message) => {
  await expect(readOrganisation(await folder({ 'organisation.yaml': text }))).rejects.toThrow(message);
});

it('what docs/simulators.md shows can be used as it stands', async () => {
  const page = await readFile(new URL('../../docs/simulators.md', import.meta.url), 'utf8');
  const block = (name: string): string => new RegExp(`\`\`\`yaml ${name}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';
  const path = await folder({ 'organisation.yaml': block('organisation'), 'records.yaml': block('records') });
  expect((await givenOrganisation({ path, seed: 1, records: 10 })).all().length).toBe(5);
});
