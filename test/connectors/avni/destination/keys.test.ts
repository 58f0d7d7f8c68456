import { describe, expect, it } from '@jest/globals';
import { named } from '../../../../src/simulators/avni/metadata.js';
import { AvniOrganisation } from '../../../../src/simulators/avni/organisation.js';
import { destinationWorld, PERSON, type DestinationWorld, type Typed } from './world.js';

const WORKER = 'asha@demo';
const ORIGIN = 'Sangam origin';

/** An organisation that has the concept for origins. */
function withOrigins(): AvniOrganisation {
  const organisation = new AvniOrganisation();
  organisation.metadata.concepts.push({ ...named(ORIGIN), dataType: 'Text' });
  return organisation;
}

const person = (name: string): typeof PERSON => ({ ...PERSON, 'First name': name });
const SUBJECT = { subject: 'Beneficiary' };
const MARKED = { ...SUBJECT, origin: ORIGIN };

function keyed({ to }: DestinationWorld, settings: object, entityType = 'Thing'): Typed {
  return to(settings, { entityType, keyed: true });
}

/** What a health worker made, with an External ID that somebody gave it. */
async function made({ to, organisation }: DestinationWorld, externalId: string, observations: object = {}): Promise<string> {
  const outcome = await to(SUBJECT, { entityType: 'Made' }).one(externalId, PERSON);
  const id = 'ids' in outcome ? (outcome.ids['main'] ?? '') : '';
  const record = organisation.get(id);
  if (!record) throw new Error('It was made');
  record.createdBy = WORKER;
  const body = { 'External ID': externalId, observations: { ...(record.body['observations'] as object), ...observations } };
  organisation.change(id, { body, by: WORKER });
  return id;
}

const namesIn = ({ organisation }: DestinationWorld): unknown[] =>
  organisation.all().map(({ body }) => (body['observations'] as Record<string, unknown>)['First name']);

const collision = (...ids: string[]): object => ({
  kind: 'refused',
  error: { code: 'KeyCollision', message: expect.stringMatching(new RegExp(ids.join('.*'))) },
});

describe.each([
  ['remembered', SUBJECT],
  ['noted in Avni', MARKED],
])('a key that two records bring, where what holds it is %s', (_how, settings) => {
  it('is the error of the second, in whatever page it comes, and names both', async () => {
    const world = await destinationWorld({}, withOrigins());
    const { one } = keyed(world, settings);
    expect((await one('a', person('Asha'), { key: 'K' })).kind).toBe('created');
    expect(await one('b', person('Bela'), { key: 'K' })).toMatchObject(collision('i/Thing/b', 'i/Thing/a'));
    expect(await one('b', person('Asha'), { key: 'K' })).toMatchObject(collision('i/Thing/b', 'i/Thing/a'));
    expect((await one('a', person('Anju'), { key: 'K' })).kind).toBe('updated');
    expect(namesIn(world)).toEqual(['Anju']);
  });

  it('is not let go by a look without writing, which may know an earlier state of the first', async () => {
    const world = await destinationWorld({}, withOrigins());
    const { one, request, destination } = keyed(world, settings);
    await one('a', person('Asha'), { key: 'K' });
    const stale = request({ id: 'a', body: person('Asha'), key: 'K-before' });
    if (!('origin' in stale)) throw new Error('It has a good shape');
    await destination.plan?.([stale], world.c);
    expect(await one('b', person('Bela'), { key: 'K' })).toMatchObject(collision('i/Thing/b', 'i/Thing/a'));
  });

  it('is the error of the second also where it is of another type', async () => {
    const world = await destinationWorld({}, withOrigins());
    await keyed(world, settings).one('a', person('Asha'), { key: 'K' });
    const other = keyed(world, settings, 'Other');
    expect(await other.one('a', person('Bela'), { key: 'K' })).toMatchObject(collision('i/Other/a', 'i/Thing/a'));
    expect(namesIn(world)).toEqual(['Asha']);
  });

  it('passes to the other once the first brings another one, in whatever order they swap', async () => {
    const world = await destinationWorld({}, withOrigins());
    const { one } = keyed(world, settings);
    await one('a', person('Asha'), { key: 'K' });
    await one('b', person('Bela'), { key: 'L' });
    expect((await one('a', person('Asha'), { key: 'L' })).kind).toBe('refused');
    expect((await one('b', person('Bela'), { key: 'K' })).kind).toBe('updated');
    expect((await one('a', person('Asha'), { key: 'L' })).kind).toBe('updated');
    expect(namesIn(world)).toEqual(['Bela', 'Asha']);
  });

  it('passes to the other once the first is taken away, whose removal then touches nothing', async () => {
    const world = await destinationWorld({}, withOrigins());
    const { one, remove } = keyed(world, settings);
    await one('a', person('Asha'), { key: 'K' });
    expect((await remove('a')).kind).toBe('removed');
    expect(await one('b', person('Bela'), { key: 'K' })).toMatchObject({ kind: 'updated', revived: true });
    expect((await remove('a')).kind).toBe('absent');
    expect(world.organisation.all()).toMatchObject([{ voided: false }]);
  });

  it('is no error of two types that each own a part, but of two records of one of them', async () => {
    const organisation = withOrigins();
    organisation.metadata.concepts.push({ ...named('Other origin'), dataType: 'Text' });
    const world = await destinationWorld({}, organisation);
    const isMarked = 'origin' in settings;
    await keyed(world, SUBJECT, 'Person').one('p', PERSON, { key: 'K' });
    const remarks = keyed(world, { ...settings, owns: ['Remarks'] }, 'Remark');
    const weight = keyed(world, { ...SUBJECT, owns: ['Weight'], ...(isMarked ? { origin: 'Other origin' } : {}) }, 'Weight');
    const at = { key: 'K' };
    expect((await remarks.one('r', { observations: { Remarks: 'x' } }, at)).kind).toBe('updated');
    expect((await weight.one('w', { observations: { Weight: 50 } }, at)).kind).toBe('updated');
    expect((await remarks.one('r', { observations: { Remarks: 'y' } }, at)).kind).toBe('updated');
    expect(await remarks.one('s', { observations: { Remarks: 'z' } }, at)).toMatchObject(collision('i/Remark/s', 'i/Remark/r'));
  });
});

describe('an origin that is noted in Avni', () => {
  it('tells another worker whose record it is, and is written only once', async () => {
    const organisation = withOrigins();
    await keyed(await destinationWorld({}, organisation), MARKED).one('a', person('Asha'), { key: 'K' });
    expect(organisation.all()[0]?.body['observations']).toMatchObject({ [ORIGIN]: 'i/Thing/a' });
    const world = await destinationWorld({}, organisation);
    const { one, remove } = keyed(world, MARKED);
    expect(await one('b', person('Bela'), { key: 'K' })).toMatchObject(collision('i/Thing/b', 'i/Thing/a'));
    expect((await one('a', person('Asha'), { key: 'K' })).kind).toBe('unchanged');
    expect((await one('a', person('Anju'), { key: 'K' })).kind).toBe('updated');
    const later = keyed(await destinationWorld({}, organisation), MARKED);
    expect(await later.destination.find([{ origin: { entityType: 'Thing', id: 'a' } }], world.c)).toMatchObject([[{ type: 'subject' }]]);
    expect((await later.remove('never')).kind).toBe('absent');
    expect((await later.remove('a')).kind).toBe('removed');
    expect((await remove('a')).kind).toBe('absent');
  });

  it('may come from a type that had another name, and is then left as it stands', async () => {
    const organisation = withOrigins();
    await keyed(await destinationWorld({}, organisation), MARKED, 'Older').one('a', PERSON, { key: 'K' });
    const { connector, c } = await destinationWorld({}, organisation);
    const entityTypes = { Newer: { formerly: ['Older'], settings: MARKED, resourceNames: ['main'], keyed: ['main'] } };
    const destination = connector.destination?.(MARKED, { integration: 'i', process: 'p', entityTypes });
    const shaped = destination?.shape('main', PERSON);
    if (!destination || !shaped || 'error' in shaped) throw new Error('It has its shape');
    const origin = { integration: 'i', process: 'p', entityType: 'Newer', id: 'a' };
    const resources = [{ name: 'main', ...shaped, key: { value: 'K' } }];
    const upsert = { origin, version: '1', action: 'upsert' as const, resources, adopt: false };
    expect(await destination.write([upsert], c)).toMatchObject([{ kind: 'unchanged' }]);
  });

  it('needs its concept, which the check misses', async () => {
    const { c, ...world } = await destinationWorld({}, withOrigins());
    const health = async (origin: string) => (await keyed({ c, ...world }, { ...SUBJECT, origin }).destination.check?.(c))?.problems;
    expect(await health(ORIGIN)).toEqual([]);
    expect(await health('No such')).toMatchObject([{ code: 'UnknownConcept', message: expect.stringContaining('No such') }]);
  });

  it('is filled in by Sangam alone, and repeats nothing that others put there', async () => {
    const world = await destinationWorld({}, withOrigins());
    const { one } = keyed(world, MARKED);
    const given = await one('a', { ...PERSON, observations: { [ORIGIN]: 'x' } }, { key: 'K' });
    expect(given).toMatchObject({ kind: 'refused', error: { path: `observations.${ORIGIN}` } });
    const id = await made(world, 'K', { [ORIGIN]: 'Lakshmi, the tailor' });
    const outcome = await one('a', PERSON, { key: 'K', adopt: true });
    expect(outcome).toMatchObject(collision('i/Thing/a'));
    expect(JSON.stringify(outcome)).not.toContain('tailor');
    const { [ORIGIN]: _theirs, ...observations } = world.organisation.get(id)?.body['observations'] as Record<string, unknown>;
    world.organisation.change(id, { body: { observations }, by: WORKER });
    expect(await one('a', PERSON, { key: 'K', adopt: true })).toMatchObject({ kind: 'updated', adopted: true });
  });
});

describe('the removal of what was taken over', () => {
  it.each(['remove', 'mark'] as const)('is refused, by %s: it was there before, with what others put in', async (action) => {
    const world = await destinationWorld({}, withOrigins());
    const { organisation } = world;
    await keyed(world, SUBJECT).one('made', PERSON, { key: 'MADE' });
    const id = await made(world, 'OLD');
    const { one, remove } = keyed(world, SUBJECT);
    expect(await one('a', person('Asha'), { key: 'OLD', adopt: true })).toMatchObject({ adopted: true });
    const before = structuredClone(organisation.get(id));
    expect(await remove('a', action)).toMatchObject({
      kind: 'refused',
      error: { code: 'TakenOver', message: expect.stringContaining(id) },
    });
    expect(organisation.get(id)).toEqual(before);
    expect((await remove('made', action)).kind).toBe(action === 'mark' ? 'updated' : 'removed');
  });

  it('that others own parts of takes away the part that Sangam owns', async () => {
    const world = await destinationWorld({}, withOrigins());
    const { organisation } = world;
    const id = await made(world, 'OLD', { Weight: 50 });
    const { one, remove } = keyed(world, { ...SUBJECT, owns: ['Remarks'] });
    await one('a', { observations: { Remarks: 'x' } }, { key: 'OLD', adopt: true });
    expect((await remove('a')).kind).toBe('removed');
    expect(organisation.get(id)).toMatchObject({ voided: false, body: { observations: { Weight: 50 } } });
    expect(organisation.get(id)?.body['observations']).not.toHaveProperty('Remarks');
  });
});
