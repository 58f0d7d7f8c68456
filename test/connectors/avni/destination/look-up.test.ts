import { describe, expect, it } from '@jest/globals';
import type { LookUp } from '../../../../src/connectors/connector.js';
import { avni } from '../../../../src/connectors/avni/index.js';
import { destinationWorld, type DestinationWorld } from './world.js';

interface Asking extends DestinationWorld {
  /** Ids that are found, one list per question; `voided` beside what is. */
  find(...questions: LookUp[]): Promise<string[][]>;
  person(healthId: string, more?: object, voided?: boolean): string;
  enrolled(subject: string, at: string, more?: object, voided?: boolean): string;
}

async function asking(): Promise<Asking> {
  const world = await destinationWorld();
  const { organisation, c } = world;
  const { destination } = world.to({ encounter: 'Lab result' });
  const find: Asking['find'] = async (...questions) => {
    const found = (await destination.lookUp?.(questions, c)) ?? [];
    return found.map((each) => ('code' in each ? [each.code] : each.map(({ id, removed }) => (removed ? `${id} voided` : id))));
  };
  const person: Asking['person'] = (healthId, more = {}, voided = false) =>
    organisation.add(
      'subject',
      'Beneficiary',
      { 'Subject type': 'Beneficiary', observations: { 'First name': 'A', 'Health ID': healthId }, ...more },
      { voided },
    ).id;
  const enrolled: Asking['enrolled'] = (subject, at, more = {}, voided = false) =>
    organisation.add(
      'enrolment',
      'Nutrition',
      { Program: 'Nutrition', 'Subject ID': subject, 'Enrolment datetime': at, observations: {}, exitObservations: {}, ...more },
      { voided },
    ).id;
  return { ...world, find, person, enrolled };
}

const subject = (value: string): LookUp => ({ settings: { subject: 'Beneficiary', concept: 'Health ID' }, value });
const enrolment = (of: string, pick?: string): LookUp => ({ settings: { enrolment: 'Nutrition', ...(pick ? { pick } : {}) }, of });

describe('looking a subject up', () => {
  it('by a concept finds it, both of two, a voided one only where there is no other, and none', async () => {
    const { find, person, simulator } = await asking();
    const [a, b, c, voided] = [person('1'), person('2'), person('2'), person('3', {}, true)];
    person('1', {}, true);
    expect(await find(subject('1'), subject('2'), subject('3'), subject('4'), subject(''))).toEqual([
      [a],
      [b, c],
      [`${voided} voided`],
      [],
      [],
    ]);
    simulator.requests.length = 0;
    await find(...Array.from({ length: 50 }, () => subject('1')));
    expect(simulator.requests.filter((each) => each === 'GET /api/subjects')).toHaveLength(1);
  });

  it('by External ID or its own id finds it, where it is of that type', async () => {
    const { find, person } = await asking();
    const a = person('1', { 'External ID': 'EMR 1' });
    const by = (value: string, type = 'Beneficiary'): LookUp => ({ settings: { subject: type }, value });
    expect(await find(by('EMR 1'), by(a), by('EMR 1', 'Group'), by('none'), by('a/b'), by('..'))).toEqual([[a], [a], [], [], [], []]);
  });

  it('on which Avni fails is an error, not nobody', async () => {
    const { find, person } = await asking();
    const a = person('1');
    person('2', { 'External ID': a });
    expect(await find({ settings: { subject: 'Beneficiary' }, value: a }, subject('1'))).toEqual([['Refused'], [a]]);
  });

  it.each(['concept', 'type'])('by a %s that was taken away meanwhile is not taken for finding nobody', async (what) => {
    const { find, person, organisation, simulator } = await asking();
    const a = person('1');
    expect(await find(subject('1'))).toEqual([[a]]);
    simulator.requests.length = 0;
    expect(await find(subject('2'), subject('3'))).toEqual([[], []]);
    expect(simulator.requests.filter((each) => !each.includes('/api/'))).toHaveLength(2);
    const { metadata } = organisation;
    if (what === 'concept') metadata.concepts = metadata.concepts.filter(({ name }) => name !== 'Health ID');
    else organisation.renameType('subject', 'Beneficiary', 'Participant');
    await expect(find(subject('1'))).rejects.toMatchObject({ name: 'SystemFailure', code: 'UnknownType' });
  });

  it.each([
    [{ subject: 'Nobody' }, 'UnknownType'],
    [{ subject: 'Beneficiary', concept: 'No such' }, 'UnknownType'],
    [{ subject: 'Beneficiary', concept: 'Blood group' }, 'UnknownType'],
  ])('by %j says that Avni does not know such a name', async (settings, code) => {
    const { find, person } = await asking();
    person('1');
    await expect(find({ settings, value: '1' })).rejects.toMatchObject({ name: 'SystemFailure', code });
  });
});

describe('a list that does not end', () => {
  it('is an error of whoever looks, not the end of the search', async () => {
    const { find, simulator } = await asking();
    const page = { content: [], totalElements: 0, totalPages: 1_000, pageSize: 1_000 };
    simulator.faults.push({ method: 'GET', path: '/api/subjects', do: { respond: { status: 200, body: page } } });
    expect(await find(subject('1'))).toEqual([['TooManyFound']]);
  });
});

describe('looking an enrolment up by its subject', () => {
  it('picks the active one, the latest, or the only one, and gives two where two are meant', async () => {
    const { find, person, enrolled } = await asking();
    const [one, two, none] = [person('1'), person('2'), person('3')];
    const exited = enrolled(one, '2025-05-01T00:00:00.000Z', { 'Exit datetime': '2025-06-01T00:00:00.000Z' });
    const active = enrolled(one, '2025-01-01T00:00:00.000Z');
    enrolled(one, '2025-09-01T00:00:00.000Z', {}, true);
    const both = [enrolled(two, '2025-01-01T00:00:00.000Z'), enrolled(two, '2025-01-01T00:00:00.000Z')];
    expect(await find(enrolment(one, 'active'), enrolment(one, 'latest'), enrolment(one), enrolment(one, 'only'))).toEqual([
      [active],
      [exited],
      [exited, active],
      [exited, active],
    ]);
    expect(await find(enrolment(two, 'active'), enrolment(two, 'latest'), enrolment(none), enrolment('nobody'))).toEqual([
      both,
      both,
      [],
      [],
    ]);
  });
});

describe('what a definition says of a parent', () => {
  it.each([
    [{ subject: 'Beneficiary', concept: 'Health ID' }, true],
    [{ enrolment: 'Nutrition', pick: 'latest' }, true],
    [{}, false],
    [{ subject: 'A', enrolment: 'B' }, false],
    [{ subject: 'A', pick: 'only' }, false],
    [{ enrolment: 'A', concept: 'B' }, false],
    [{ enrolment: 'A', pick: 'first' }, false],
  ])('%j is right: %p', (settings, isRight) => {
    expect(avni.lookUpSettings?.safeParse(settings).success).toBe(isRight);
  });
});
