import { describe, expect, it } from '@jest/globals';
import type { Origin, WriteOutcome, WriteResource } from '../../../../src/connectors/connector.js';
import { destinationWorld, everything, PERSON, withObservations, without, type DestinationWorld } from './world.js';

interface Family extends DestinationWorld {
  subject: string;
  enrolment: string;
}

/** A subject and an enrolment that Sangam wrote. */
async function family(): Promise<Family> {
  const world = await destinationWorld();
  await world.to({ subject: 'Beneficiary' }, { entityType: 'Person' }).one('s', PERSON);
  const [subject] = world.organisation.all();
  await world
    .to({ enrolment: 'Nutrition' }, { entityType: 'Enrolled' })
    .one('e', { 'Subject ID': subject?.id, 'Enrolment datetime': '2025-11-21T00:00:00.000+05:30' });
  const enrolment = world.organisation.all().find(({ kind }) => kind === 'enrolment');
  if (!subject || !enrolment) throw new Error('Both were to be written');
  return { ...world, subject: subject.id, enrolment: enrolment.id };
}

const KINDS: [string, object, (family: Family) => Record<string, unknown>, Record<string, unknown>][] = [
  ['a subject', { subject: 'Beneficiary' }, () => PERSON, { 'First name': 'Savitri', 'Registration Coordinates': { x: 12, y: 76.5 } }],
  [
    'an enrolment',
    { enrolment: 'Nutrition' },
    ({ subject }) => ({ 'Subject ID': subject, 'Enrolment datetime': '2025-11-21T10:00:00Z', observations: { 'Birth weight': 2.5 } }),
    { 'Exit datetime': '2026-01-01T00:00:00Z', exitObservations: { Remarks: 'moved' } },
  ],
  [
    'a program encounter',
    { programEncounter: 'Growth monitoring' },
    ({ enrolment }) => ({ 'Enrolment ID': enrolment, 'Encounter date time': '2025-12-01T10:00:00+05:30', observations: { Weight: 11.4 } }),
    { observations: { Weight: 12, 'Nutrition status': 'Normal' }, 'Encounter Coordinates': { x: 1, y: 2 } },
  ],
  [
    'a general encounter',
    { encounter: 'Health check' },
    ({ subject }) => ({ 'Subject ID': subject, 'Encounter date time': '2025-12-01T10:00:00+05:30', observations: { Systolic: 120 } }),
    { observations: { Systolic: 121, Symptoms: ['Fever', 'Cough'] }, 'Max scheduled date': '2025-12-05T00:00:00Z' },
  ],
];

describe.each(KINDS)('%s', (_name, to, make, change) => {
  it('is made, changed, voided and comes back; what has not changed moves no stamp and is not sent', async () => {
    const world = await family();
    const { organisation, simulator } = world;
    const { one, remove, externalId } = world.to(to);
    const body = make(world);
    expect(await one('r', body)).toEqual({ kind: 'created', ids: { main: expect.any(String) } });
    const stored = organisation.all().find((each) => each.body['External ID'] === externalId('r'));
    if (!stored) throw new Error('It was to be written');
    const untouched = async (act: () => Promise<unknown>, outcome: object): Promise<void> => {
      const before = everything(organisation);
      simulator.requests.length = 0;
      expect(await act()).toEqual(outcome);
      expect(everything(organisation)).toEqual(before);
      expect(simulator.requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
    };
    await untouched(() => one('r', body), { kind: 'unchanged', ids: { main: stored.id } });
    expect(await one('r', { ...body, ...change })).toEqual({ kind: 'updated', ids: { main: stored.id } });
    await untouched(() => one('r', { ...body, ...change }), { kind: 'unchanged', ids: { main: stored.id } });
    expect(await remove('r')).toEqual({ kind: 'removed', ids: { main: stored.id } });
    expect(organisation.get(stored.id)?.voided).toBe(true);
    await untouched(() => remove('r'), { kind: 'absent' });
    expect(await one('r', body)).toEqual({ kind: 'updated', revived: true, ids: { main: stored.id } });
    expect(organisation.get(stored.id)).toMatchObject({ voided: false });
    expect(await remove('r', 'mark')).toEqual({ kind: 'updated', ids: { main: stored.id } });
    await untouched(() => remove('never'), { kind: 'absent' });
  });

  it.each(['subject', 'enrolment'] as const)('comes to be under no %s that is voided, and does once that is back', async (above) => {
    const world = await family();
    const { organisation } = world;
    const { one, remove, externalId } = world.to(to);
    const isBelow = above in to ? false : 'Enrolment ID' in make(world) || (above === 'subject' && 'Subject ID' in make(world));
    const voided = { kind: 'refused', parentGone: true, error: { code: 'ParentVoided', message: expect.stringContaining(world[above]) } };
    const isThere = (): boolean => organisation.all().some(({ body, ...each }) => body['External ID'] === externalId('r') && !each.voided);
    const back = organisation.change.bind(organisation, world[above], { voided: false });
    organisation.change(world[above], { voided: true });
    expect(await one('r', make(world))).toMatchObject(isBelow ? voided : { kind: 'created' });
    expect(isThere()).toBe(!isBelow);
    back();
    expect((await one('r', make(world))).kind).toBe(isBelow ? 'created' : 'unchanged');
    await remove('r');
    organisation.change(world[above], { voided: true });
    expect(await one('r', make(world))).toMatchObject(isBelow ? voided : { kind: 'updated' });
    expect(isThere()).toBe(!isBelow);
    back();
    expect((await one('r', { ...make(world), ...change })).kind).toBe('updated');
    expect(isThere()).toBe(true);
    // What is there is kept as its source has it.
    organisation.change(world[above], { voided: true });
    expect((await one('r', make(world))).kind).toBe('updated');
  });

  it('is found by the record it came from, also once it is voided', async () => {
    const world = await family();
    const { destination, one, remove } = world.to(to);
    const { c } = world;
    const refs = [{ origin: { entityType: 'Thing', id: 'r' } }, { origin: { entityType: 'Thing', id: 'none' } }];
    expect(await destination.find(refs, c)).toEqual([[], []]);
    const outcome = await one('r', make(world));
    const id = 'ids' in outcome ? outcome.ids['main'] : '';
    const [answer = []] = await destination.find(refs, c);
    const [found] = 'code' in answer ? [] : answer;
    expect(found).toMatchObject({ type: Object.keys(to)[0], id });
    expect(found && destination.reference(found)).toBe(id);
    await remove('r');
    expect(await destination.find(refs, c)).toEqual([[expect.objectContaining({ id, removed: true })], []]);
  });
});

describe('writing to Avni', () => {
  it('tells what will be there anew before anything is sent, and what was planned comes to pass', async () => {
    const { to, organisation, c } = await destinationWorld();
    const { destination, request, one, remove } = to({ subject: 'Beneficiary' });
    await one('old', PERSON);
    await one('voided', PERSON);
    await remove('voided');
    const requests = ['old', 'voided', 'new'].map((id) => request({ id, body: { ...PERSON, 'Last name': 'Patil' } }));
    if (requests.some((each) => 'kind' in each)) throw new Error('All have a good shape');
    const given = requests as Parameters<typeof destination.write>[0];
    const before = everything(organisation);
    const kinds = ['updated', 'updated', 'created'];
    expect((await destination.plan?.(given, c))?.map(({ kind }) => kind)).toEqual(kinds);
    expect(everything(organisation)).toEqual(before);
    const told: Origin[] = [];
    const outcomes = await destination.write(given, c, (arriving) => {
      told.push(...arriving.map(({ origin }) => origin));
      expect(everything(organisation)).toEqual(before);
      return Promise.resolve();
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(kinds);
    expect(told.map(({ id }) => id)).toEqual(['voided', 'new']);
  });

  it('replaces what the mapping no longer gives, and keeps an address where it gives none that is needed', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to({ subject: 'Group' });
    const group = {
      'First name': 'Self-help',
      'Registration date': '2025-01-01',
      Address: 'Karnataka, Mysuru, Varuna',
      observations: { Remarks: 'x' },
    };
    await one('g', { ...group, 'Registration Coordinates': { x: 1, y: 2 } });
    expect((await one('g', without(group, 'Address', 'observations'))).kind).toBe('updated');
    const [stored] = organisation.all();
    expect(stored?.body).toMatchObject({ location: { Village: 'Varuna' }, observations: { 'First name': 'Self-help' } });
    expect(stored?.body['Registration Coordinates']).toBeUndefined();
    expect(stored?.body['observations'] as object).not.toHaveProperty('Remarks');
  });

  it('takes the address by its titles, by the title of each level, or by an id', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to({ subject: 'Beneficiary' });
    const varuna = organisation.metadata.locations.find(({ title }) => title === 'Varuna');
    const ways = [
      { Address: 'karnataka, mysuru, VARUNA' },
      { 'Address map': { State: 'Karnataka', District: 'Mysuru', Village: 'Varuna' } },
      { 'Location ID': varuna?.uuid },
    ];
    for (const [n, way] of ways.entries()) {
      expect((await one(`p${n}`, { ...without(PERSON, 'Address'), ...way })).kind).toBe('created');
      for (const other of ways) expect((await one(`p${n}`, { ...without(PERSON, 'Address'), ...other })).kind).toBe('unchanged');
    }
    expect(organisation.all().map(({ body }) => body['Location ID'])).toEqual([varuna?.uuid, varuna?.uuid, varuna?.uuid]);
    expect((await one('p0', PERSON)).kind).toBe('updated');
  });

  it('finds a village that was added since, and says which one is missing', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to({ subject: 'Beneficiary' });
    const there = { ...PERSON, Address: 'Karnataka, Mysuru, Bilikere' };
    expect(await one('p', there)).toMatchObject({
      kind: 'refused',
      error: { code: 'AddressNotFound', detail: "Address 'Karnataka, Mysuru, Bilikere' not found" },
    });
    const [varuna] = organisation.metadata.locations.filter(({ title }) => title === 'Varuna');
    if (varuna) organisation.metadata.locations.push({ ...varuna, uuid: 'b', title: 'Bilikere', stamp: Date.now() });
    expect((await one('p', there)).kind).toBe('created');
  });

  it('keeps pictures that it copied, numbers that were verified, and places, as they are', async () => {
    const { to, organisation } = await destinationWorld();
    const { one } = to({ subject: 'Beneficiary' });
    const { locations } = organisation.metadata;
    const body = withObservations(PERSON, {
      Photo: 'https://emr.example/p.jpg',
      Mobile: '+919000000001',
      'Birth place': locations[0]?.uuid,
      'Last check date': '2025-11-02',
      Household: [{ 'Number of members': 3 }, { 'Water source': 'Well' }],
    });
    expect((await one('p', body)).kind).toBe('created');
    const [stored] = organisation.all();
    const observations = stored?.body['observations'] as Record<string, unknown>;
    const { Photo: photo, Mobile: mobile } = observations;
    expect([photo, mobile]).toEqual([expect.stringContaining('media.avni'), { phoneNumber: '+919000000001', verified: false }]);
    organisation.change(stored?.id ?? '', {
      body: {
        observations: {
          ...observations,
          Mobile: { phoneNumber: '+919000000001', verified: true },
          'Last check date': '2025-11-01T18:30:00.000Z',
        },
      },
    });
    expect((await one('p', body)).kind).toBe('unchanged');
    expect((await one('p', { ...body, 'Last name': 'Patil' })).kind).toBe('updated');
    expect(organisation.all()[0]?.body['observations']).toMatchObject({
      'Last name': 'Patil',
      Photo: photo,
      Mobile: { verified: true },
      'Birth place': locations[0]?.uuid,
    });
  });

  it('gives a list where the form takes several values, and none where it takes one', async () => {
    const { to, organisation } = await destinationWorld();
    organisation.metadata.forms.push({
      name: 'Registration',
      uuid: 'f1',
      formType: 'IndividualProfile',
      subjectType: 'Beneficiary',
      questions: [
        { concept: 'Languages spoken', several: true },
        { concept: 'Blood group' },
        { concept: 'Household', repeatable: true, questions: [{ concept: 'Toilet' }] },
        { concept: 'Photo', several: true },
      ],
    });
    const { one } = to({ subject: 'Beneficiary' });
    const seen = {
      'Languages spoken': 'Hindi',
      'Blood group': ['B positive'],
      Household: { Toilet: [{ Seats: 2 }] },
      Photo: 'https://emr.example/p.jpg',
    };
    expect((await one('p', { ...PERSON, observations: seen })).kind).toBe('created');
    expect(organisation.all()[0]?.body['observations']).toMatchObject({
      'Languages spoken': ['Hindi'],
      'Blood group': 'B positive',
      Household: [{ Toilet: { Seats: 2 } }],
      Photo: [expect.stringContaining('media.avni')],
    });
    expect((await one('p', { ...PERSON, observations: seen })).kind).toBe('unchanged');
    const two = withObservations(PERSON, { 'Blood group': ['B positive', 'A positive'] });
    expect(await one('p', two)).toMatchObject({ kind: 'refused', error: { code: 'InvalidResource', path: 'observations.Blood group' } });
  });

  it('makes several records of one, voids what the mapping no longer gives, and completes what was half done', async () => {
    const world = await family();
    const { organisation, simulator, c } = world;
    const { destination } = world.to({ encounter: 'Health check' }, { entityType: 'Pair', names: ['first', 'second'] });
    const visit = (systolic: number): WriteResource['body'] => {
      const shaped = destination.shape('first', {
        'Subject ID': world.subject,
        'Encounter date time': '2025-12-01T00:00:00Z',
        observations: { Systolic: systolic },
      });
      return shaped && 'body' in shaped ? shaped.body : {};
    };
    const write = async (...names: string[]): Promise<WriteOutcome | undefined> => {
      const resources = names.map((name, n) => ({ name, type: 'encounter', body: visit(120 + n) }));
      const origin = { integration: 'i', process: 'p', entityType: 'Pair', id: 'r' };
      return (await destination.write([{ origin, version: '1', action: 'upsert', resources, adopt: false }], c))[0];
    };
    const valid = (): number => organisation.all().filter(({ kind, voided }) => kind === 'encounter' && !voided).length;
    simulator.faults.push({ method: 'POST', path: '/api/encounter', body: '121', times: 2, do: { respond: { status: 500, body: 'x' } } });
    expect([(await write('first', 'second'))?.kind, valid()]).toEqual(['refused', 1]);
    expect([(await write('first', 'second'))?.kind, valid()]).toEqual(['updated', 2]);
    expect((await write('first', 'second'))?.kind).toBe('unchanged');
    expect([(await write('first'))?.kind, valid()]).toEqual(['updated', 1]);
    expect((await write('first'))?.kind).toBe('unchanged');
  });
});
