import { describe, expect, it } from '@jest/globals';
import { writeJson } from '../../../../src/json/json.js';
import { destinationWorld, PERSON, type DestinationWorld } from './world.js';

const WORKER = 'worker@demo';
const LAB = { encounter: 'Lab result', owns: ['Haemoglobin', 'Lab remarks', 'Max scheduled date', 'Encounter Coordinates'] };
const GROWTH = { programEncounter: 'Growth monitoring', owns: ['Haemoglobin', 'Photo', 'Max scheduled date'] };

interface Shared extends DestinationWorld {
  subject: string;
  enrolment: string;
  observationsOf(id: string): Record<string, unknown>;
}

async function shared(): Promise<Shared> {
  const world = await destinationWorld();
  const { organisation } = world;
  await world.to({ subject: 'Beneficiary' }, { entityType: 'Person' }).one('s', PERSON);
  const subject = organisation.all()[0]?.id ?? '';
  await world
    .to({ enrolment: 'Nutrition' }, { entityType: 'In' })
    .one('e', { 'Subject ID': subject, 'Enrolment datetime': '2025-11-21T10:00:00Z' });
  const enrolment = organisation.all()[1]?.id ?? '';
  return { ...world, subject, enrolment, observationsOf: (id) => organisation.get(id)?.body['observations'] as Record<string, unknown> };
}

/** What a health worker's phone put in. */
const PHONE = {
  Remarks: 'seen at home',
  Weight: 11.5,
  'Languages spoken': ['Kannada'],
  Household: { 'Number of members': 3 },
  'Last check date': '2025-11-01T18:30:00.000Z',
};

describe.each([
  ['that Avni merges', LAB, 'PATCH'],
  ['that Avni replaces whole', GROWTH, 'PUT'],
] as const)('a record %s', (_name, to, method) => {
  const given = ({ subject, enrolment }: Shared): Record<string, unknown> =>
    'encounter' in to ? { 'Subject ID': subject } : { 'Enrolment ID': enrolment };

  it('keeps what a phone put in; what Sangam owns is written, changed and taken away', async () => {
    const world = await shared();
    const { organisation, simulator, observationsOf } = world;
    const { one, remove } = world.to(to);
    const due = { ...given(world), 'Earliest scheduled date': '2025-12-01T00:00:00Z' };
    const made = await one('r', { ...due, observations: { Haemoglobin: 11 } });
    expect(made.kind).toBe('created');
    const id = 'ids' in made ? (made.ids['main'] ?? '') : '';
    const done = {
      'Encounter date time': '2025-12-02T09:00:00.000Z',
      observations: { ...observationsOf(id), ...PHONE },
      cancelObservations: { Remarks: 'x' },
    };
    organisation.change(id, { body: done, by: WORKER });
    const stamp = organisation.get(id)?.stamp;
    expect((await one('r', { ...due, observations: { Haemoglobin: 11 } })).kind).toBe('unchanged');
    expect(organisation.get(id)?.stamp).toBe(stamp);
    simulator.requests.length = 0;
    expect((await one('r', { ...due, 'Max scheduled date': '2025-12-09T00:00:00Z', observations: { Haemoglobin: 12 } })).kind).toBe(
      'updated',
    );
    expect(simulator.requests.filter((each) => !each.startsWith('GET')).map((each) => each.split(' ')[0])).toEqual([method]);
    const others = { ...PHONE };
    expect(organisation.get(id)?.body).toMatchObject({
      ...done,
      observations: { ...others, Haemoglobin: 12 },
      'Max scheduled date': '2025-12-09T00:00:00.000Z',
      'Earliest scheduled date': '2025-12-01T00:00:00.000Z',
    });
    expect((await one('r', due)).kind).toBe('updated');
    expect(observationsOf(id)).toEqual(others);
    expect(organisation.get(id)?.body['Max scheduled date'] ?? null).toBeNull();
    expect((await one('r', { ...due, observations: { Haemoglobin: 12 } })).kind).toBe('updated');
    expect(await remove('r')).toMatchObject({ kind: 'removed' });
    expect([observationsOf(id), organisation.get(id)?.voided]).toEqual([others, false]);
    expect(await remove('r')).toEqual({ kind: 'absent' });
  });

  it('that Sangam alone has filled is voided, and comes back; one that others voided does not', async () => {
    const world = await shared();
    const { one, remove } = world.to(to);
    const body = { ...given(world), 'Encounter date time': '2025-12-01T00:00:00Z', observations: { Haemoglobin: 11 } };
    const made = await one('r', body);
    const id = 'ids' in made ? (made.ids['main'] ?? '') : '';
    expect((await remove('r')).kind).toBe('removed');
    expect(world.organisation.get(id)?.voided).toBe(true);
    expect(await one('r', body)).toMatchObject({ kind: 'updated', revived: true });
    expect(world.organisation.get(id)?.voided).toBe(false);
    world.organisation.change(id, { voided: true, by: WORKER });
    expect(await one('r', body)).toMatchObject({ kind: 'refused', error: { code: 'RecordVoided' } });
  });
});

describe('ownership', () => {
  it.each([
    ['that Avni merges', LAB],
    ['that Avni replaces whole', GROWTH],
  ] as const)('of a part of a record %s stops where the record is of another person', async (_name, to) => {
    const world = await shared();
    const { organisation } = world;
    const other = await world.to({ subject: 'Beneficiary' }, { entityType: 'Person' }).one('t', PERSON);
    const subject = 'ids' in other ? (other.ids['main'] ?? '') : '';
    const enrolled = await world
      .to({ enrolment: 'Nutrition' }, { entityType: 'In' })
      .one('f', { 'Subject ID': subject, 'Enrolment datetime': '2025-11-21T10:00:00Z' });
    const enrolment = 'ids' in enrolled ? (enrolled.ids['main'] ?? '') : '';
    const of = (one: string, two: string) => ('encounter' in to ? { 'Subject ID': one } : { 'Enrolment ID': two });
    const visit = { 'Encounter date time': '2025-12-01T00:00:00.000Z', observations: { Remarks: 'seen at home' }, cancelObservations: {} };
    const kind = 'encounter' in to ? 'encounter' : 'programEncounter';
    const type = 'encounter' in to ? to.encounter : to.programEncounter;
    const body = { ...visit, ...of(world.subject, world.enrolment), 'Encounter type': type, 'External ID': 'V-1' };
    const { id } = organisation.add(kind, type, body, { by: WORKER });
    const { one } = world.to(to, { keyed: true });
    const result = { 'Encounter date time': visit['Encounter date time'], observations: { Haemoglobin: 7 } };
    expect(await one('r', { ...of(subject, enrolment), ...result }, { key: 'V-1' })).toMatchObject({
      kind: 'refused',
      error: { code: 'InvalidResource', path: 'encounter' in to ? 'Subject ID' : 'Enrolment ID' },
    });
    expect(organisation.get(id)?.body['observations']).toEqual(visit.observations);
    expect((await one('r', { ...of(world.subject, world.enrolment), ...result }, { key: 'V-1' })).kind).toBe('updated');
    expect((await one('r', { observations: { Haemoglobin: 8 } }, { key: 'V-1' })).kind).toBe('updated');
  });

  it('of a plan alone does not void the visit that a health worker made by it', async () => {
    const world = await shared();
    const { organisation } = world;
    const { one, remove } = world.to({ encounter: 'Lab result', owns: ['Earliest scheduled date', 'Max scheduled date'] });
    const plan = { 'Earliest scheduled date': '2025-12-01T00:00:00Z', 'Max scheduled date': '2025-12-09T00:00:00Z' };
    const made = await one('r', { 'Subject ID': world.subject, ...plan });
    const id = 'ids' in made ? (made.ids['main'] ?? '') : '';
    organisation.change(id, { body: { ...organisation.get(id)?.body, 'Encounter date time': '2025-12-02T09:00:00.000Z' }, by: WORKER });
    expect((await one('r', { 'Subject ID': world.subject, ...plan, 'Max scheduled date': '2025-12-10T00:00:00Z' })).kind).toBe('updated');
    expect((await remove('r')).kind).toBe('removed');
    expect(organisation.get(id)).toMatchObject({ voided: false, body: { 'Encounter date time': '2025-12-02T09:00:00.000Z' } });
  });

  it('is not stretched: an observation that is not owned is refused', async () => {
    const { to, subject } = await shared();
    const body = { 'Subject ID': subject, 'Encounter date time': '2025-12-01T00:00:00Z', observations: { Haemoglobin: 11, Weight: 3 } };
    expect(await to(LAB).one('r', body)).toMatchObject({ kind: 'refused', error: { code: 'InvalidResource', path: 'observations' } });
  });

  it('of two types in one record leaves each what is its own, in whatever order they write', async () => {
    const { to, subject, organisation, observationsOf } = await shared();
    const body = { 'Subject ID': subject, 'Encounter date time': '2025-12-01T00:00:00Z' };
    const lab = to({ encounter: 'Lab result', owns: ['Haemoglobin'] }, { entityType: 'Lab', keyed: true });
    const notes = to({ encounter: 'Lab result', owns: ['Lab remarks'] }, { entityType: 'Notes', keyed: true });
    const write = async (which: typeof lab, observations: object): Promise<string> =>
      (await which.one('1', { ...body, observations }, { key: 'V-1' })).kind;
    expect([
      await write(lab, { Haemoglobin: 9 }),
      await write(notes, { 'Lab remarks': 'low' }),
      await write(lab, { Haemoglobin: 10 }),
    ]).toEqual(['created', 'updated', 'updated']);
    const [visit] = organisation.all().filter(({ kind }) => kind === 'encounter');
    expect(observationsOf(visit?.id ?? '')).toEqual({ Haemoglobin: 10, 'Lab remarks': 'low' });
    expect([await write(notes, {}), await write(lab, { Haemoglobin: 10 })]).toEqual(['updated', 'unchanged']);
    expect(observationsOf(visit?.id ?? '')).toEqual({ Haemoglobin: 10 });
  });

  it.each([
    ['keeps it as it is stored', false],
    ['refuses to write where two places look alike', true],
  ])('of a record with a place of others, replaced whole, %s', async (_name, isTwice) => {
    const world = await shared();
    const { organisation, observationsOf } = world;
    const [place] = organisation.metadata.locations.filter(({ title }) => title === 'Varuna');
    if (place && isTwice) organisation.metadata.locations.push({ ...place, uuid: 'again', stamp: Date.now() });
    const { one } = world.to(GROWTH);
    const body = { 'Enrolment ID': world.enrolment, 'Encounter date time': '2025-12-01T00:00:00Z' };
    const made = await one('r', { ...body, observations: { Haemoglobin: 11 } });
    const id = 'ids' in made ? (made.ids['main'] ?? '') : '';
    organisation.change(id, { body: { observations: { 'Birth place': place?.uuid, Haemoglobin: 11 } }, by: WORKER });
    const outcome = await one('r', { ...body, observations: { Haemoglobin: 12 } });
    expect(outcome).toMatchObject(isTwice ? { kind: 'refused', error: { code: 'CannotKeepOthers' } } : { kind: 'updated' });
    expect(observationsOf(id)).toEqual({ 'Birth place': place?.uuid, Haemoglobin: isTwice ? 11 : 12 });
  });

  it('survives a visit that Avni fails to merge', async () => {
    const world = await shared();
    const { organisation } = world;
    const { one } = world.to(LAB);
    const body = { 'Subject ID': world.subject, 'Encounter date time': '2025-12-01T00:00:00Z' };
    const made = await one('r', { ...body, observations: { Haemoglobin: 11 } });
    const id = 'ids' in made ? (made.ids['main'] ?? '') : '';
    organisation.change(id, { body: { cancelObservations: null, observations: { Weight: 4 } }, by: WORKER });
    expect((await one('r', { ...body, observations: { Haemoglobin: 12 } })).kind).toBe('updated');
    expect(organisation.get(id)?.body['observations']).toEqual({ Weight: 4, Haemoglobin: 12 });
  });

  it('of names and coordinates is written by a PATCH that Avni understands', async () => {
    const world = await shared();
    const { organisation } = world;
    const owner = world.to({ subject: 'Beneficiary', owns: ['Last name', 'Registration Coordinates', 'Health ID'] }, { keyed: true });
    organisation.change(world.subject, { body: { 'External ID': 'P-1' }, by: WORKER });
    const change = { 'Last name': 'Patil', 'Registration Coordinates': { x: 12, y: 76.5 }, observations: { 'Health ID': '7' } };
    expect((await owner.one('p', change, { key: 'P-1' })).kind).toBe('updated');
    expect(organisation.get(world.subject)?.body).toMatchObject({
      location: { Village: 'Hosahalli' },
      observations: { 'First name': 'Lakshmi', 'Last name': 'Patil', 'Health ID': '7', 'Blood group': 'B positive', Gender: 'Female' },
    });
    expect(writeJson(organisation.get(world.subject)?.body['Registration Coordinates'])).toBe('{"x":12.0,"y":76.5}');
    expect((await owner.one('p', change, { key: 'P-1' })).kind).toBe('unchanged');
  });
});
