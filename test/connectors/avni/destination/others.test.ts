import { describe, expect, it } from '@jest/globals';
import { destinationWorld, PERSON, type DestinationWorld } from './world.js';

const WORKER = 'asha@demo';

/** Somebody in the field gives the one record there is another name. */
function edit({ organisation }: DestinationWorld, name = 'Edited'): void {
  const [stored] = organisation.all();
  const observations = { ...(stored?.body['observations'] as object), 'Last name': name };
  organisation.change(stored?.id ?? '', { body: { observations }, by: WORKER });
}

const lastName = ({ organisation }: DestinationWorld): unknown =>
  (organisation.all()[0]?.body['observations'] as Record<string, unknown>)['Last name'];

describe('what others change in Avni', () => {
  it.each([undefined, 'report'] as const)('is told of and written over where the definition says %s', async (whenEdited) => {
    const world = await destinationWorld();
    const { one } = world.to({ subject: 'Beneficiary' });
    const how = whenEdited ? { whenEdited } : {};
    await one('p', PERSON, how);
    edit(world);
    expect(await one('p', PERSON, how)).toMatchObject({ kind: 'updated', edited: { by: WORKER, at: expect.stringMatching(/^\d{4}-/) } });
    expect(lastName(world)).toBe('Gowda');
    expect(await one('p', PERSON, how)).not.toHaveProperty('edited');
    edit(world, 'Gowda');
    expect(await one('p', PERSON, how)).toMatchObject({ kind: 'unchanged' });
  });

  it('is held, with when and by whom, or written over without a word', async () => {
    const world = await destinationWorld();
    const { one } = world.to({ subject: 'Beneficiary' });
    await one('p', PERSON);
    edit(world);
    const held = await one('p', PERSON, { whenEdited: 'hold' });
    expect(held).toMatchObject({ kind: 'refused', error: { code: 'EditedElsewhere', detail: expect.stringContaining(WORKER) } });
    expect(held.kind === 'refused' && held.error.message).not.toContain(WORKER);
    expect(lastName(world)).toBe('Edited');
    const outcome = await one('p', PERSON, { whenEdited: 'overwrite' });
    expect(outcome.kind).toBe('updated');
    expect(outcome).not.toHaveProperty('edited');
  });

  it.each(['remove', 'mark'] as const)('is not voided away, by %s, where it is to be held', async (action) => {
    const world = await destinationWorld();
    const { one, remove } = world.to({ subject: 'Beneficiary' });
    await one('p', PERSON);
    edit(world);
    const held = await remove('p', action, { whenEdited: 'hold' });
    expect(held).toMatchObject({ kind: 'refused', error: { code: 'EditedElsewhere', detail: expect.stringContaining(WORKER) } });
    expect(world.organisation.all()).toMatchObject([{ voided: false }]);
    expect((await remove('p', action, { whenEdited: 'overwrite' })).kind).toBe(action === 'mark' ? 'updated' : 'removed');
    expect(world.organisation.all()).toMatchObject([{ voided: true }]);
  });

  it('is their part of a record that is shared', async () => {
    const world = await destinationWorld();
    await world.to({ subject: 'Beneficiary' }).one('p', PERSON);
    edit(world);
    const shared = world.to({ subject: 'Beneficiary', owns: ['Remarks'] });
    const outcome = await shared.one('p', { ...PERSON, observations: { Remarks: 'x' } }, { whenEdited: 'hold' });
    expect(outcome.kind).toBe('updated');
    expect(lastName(world)).toBe('Edited');
  });
});

describe('a business key', () => {
  it('meets what Sangam made under it, and takes over what others made only where it may', async () => {
    const world = await destinationWorld();
    const { organisation } = world;
    const keyed = world.to({ subject: 'Beneficiary' }, { keyed: true });
    expect(await keyed.one('a', PERSON, { key: 'MRN 1' })).toMatchObject({ kind: 'created' });
    expect((await keyed.one('a', { ...PERSON, 'Last name': 'Patil' }, { key: 'MRN 1' })).kind).toBe('updated');
    const foreign = organisation.add(
      'subject',
      'Beneficiary',
      { ...organisation.all()[0]?.body, 'External ID': 'OLD-7' },
      { by: 'bahmni@demo' },
    );
    expect(await keyed.one('b', PERSON, { key: 'OLD-7' })).toMatchObject({ kind: 'refused', error: { code: 'NotAdopted' } });
    expect(await keyed.one('b', PERSON, { key: 'OLD-7', adopt: true })).toEqual({
      kind: 'updated',
      adopted: true,
      ids: { main: foreign.id },
    });
    expect(await keyed.one('b', PERSON, { key: 'OLD-7', adopt: true })).toEqual({ kind: 'unchanged', ids: { main: foreign.id } });
    expect(organisation.all()).toHaveLength(2);
  });

  it('takes over what others made with all that the mapping does not give', async () => {
    const world = await destinationWorld();
    const { organisation } = world;
    await world.to({ subject: 'Beneficiary' }).one('p', { ...PERSON, 'Date of birth': '1994-03-02' });
    const [made] = organisation.all();
    const theirs = { ...(made?.body['observations'] as object), Remarks: 'walks two hours', 'Languages spoken': ['Kannada'] };
    const { id } = organisation.add(
      'subject',
      'Beneficiary',
      { ...made?.body, 'External ID': 'OLD-7', observations: theirs },
      { by: WORKER },
    );
    const keyed = world.to({ subject: 'Beneficiary' }, { keyed: true });
    const ours = { 'First name': 'Laxmi', observations: { Weight: 11.5 } };
    expect(await keyed.one('b', ours, { key: 'OLD-7', adopt: true })).toMatchObject({ kind: 'updated', adopted: true });
    const { observations, ...body } = organisation.get(id)?.body ?? {};
    expect(observations).toEqual({ ...theirs, 'First name': 'Laxmi', Weight: 11.5 });
    const { observations: _theirs, ...others } = made?.body ?? {};
    expect(body).toEqual({ ...others, 'External ID': 'OLD-7' });
    expect((await keyed.one('b', ours, { key: 'OLD-7', adopt: true })).kind).toBe('unchanged');
    // What Sangam gave once and gives no more is not known from what others put in since.
    expect((await keyed.one('b', { 'First name': 'Lakshmi' }, { key: 'OLD-7', adopt: true })).kind).toBe('updated');
    expect(organisation.get(id)?.body['observations']).toEqual({ ...theirs, 'First name': 'Lakshmi', Weight: 11.5 });
  });

  it('is not what an id is that Sangam derived: such a record is its own, whoever it signed in as', async () => {
    const world = await destinationWorld();
    const { organisation } = world;
    const { one } = world.to({ subject: 'Beneficiary' });
    await one('p', { ...PERSON, observations: { Weight: 11.5 } });
    const [made] = organisation.all();
    if (made) made.createdBy = WORKER;
    expect(await one('p', PERSON)).toEqual({ kind: 'updated', ids: { main: made?.id } });
    expect(organisation.all()[0]?.body['observations']).not.toHaveProperty('Weight');
  });

  it('of a visit of another subject takes nothing over', async () => {
    const world = await destinationWorld();
    const { organisation } = world;
    const people = world.to({ subject: 'Beneficiary' }, { entityType: 'Person' });
    const [a, b] = [await people.one('a', PERSON), await people.one('b', PERSON)].map((made) => ('ids' in made ? made.ids['main'] : ''));
    const visit = { 'Subject ID': a, 'Encounter date time': '2025-12-02T09:00:00.000Z' };
    const visits = world.to({ encounter: 'Lab result' }, { keyed: true });
    await visits.one('v', visit, { key: 'V-1' });
    const [made] = organisation.all().filter(({ kind }) => kind === 'encounter');
    organisation.add('encounter', 'Lab result', { ...made?.body, 'External ID': 'V-2' }, { by: WORKER });
    const found = await visits.one('w', { ...visit, 'Subject ID': b }, { key: 'V-2', adopt: true });
    expect(found).toMatchObject({ kind: 'refused', error: { path: 'Subject ID' } });
    expect((await visits.one('w', visit, { key: 'V-2', adopt: true })).kind).toBe('unchanged');
  });

  it('that is the id of another record takes that over, and never becomes its External ID', async () => {
    const world = await destinationWorld();
    const { organisation } = world;
    await world.to({ subject: 'Beneficiary' }, { entityType: 'Other' }).one('s', PERSON);
    const [stored] = organisation.all();
    const before = stored?.body['External ID'];
    const keyed = world.to({ subject: 'Beneficiary' }, { keyed: true });
    const changed = { ...PERSON, 'Last name': 'Patil' };
    expect(await keyed.one('b', changed, { key: stored?.id ?? '' })).toMatchObject({ kind: 'refused', error: { code: 'NotAdopted' } });
    expect(await keyed.one('b', changed, { key: stored?.id ?? '', adopt: true })).toMatchObject({
      kind: 'updated',
      ids: { main: stored?.id },
    });
    expect(organisation.all().map(({ body }) => body['External ID'])).toEqual([before]);
  });

  it.each(['a/b', 'a;b', ' a', '..', '', 'x'.repeat(300), 'a\u0000', '\ud800'])('%j can be no External ID', async (key) => {
    const { to } = await destinationWorld();
    expect(await to({ subject: 'Beneficiary' }, { keyed: true }).one('p', PERSON, { key })).toMatchObject({
      kind: 'refused',
      error: { code: 'KeyInvalid' },
    });
  });

  it('of two records in one page is taken by the first alone, and of a record of another type by none', async () => {
    const { to } = await destinationWorld();
    const keyed = to({ subject: 'Beneficiary' }, { keyed: true });
    const outcomes = await keyed.put({ id: 'a', body: PERSON, key: 'K' }, { id: 'b', body: PERSON, key: 'K' });
    expect(outcomes).toMatchObject([{ kind: 'created' }, { kind: 'refused', error: { code: 'KeyCollision' } }]);
    const groups = to({ subject: 'Group' }, { keyed: true });
    const group = { 'First name': 'Help', 'Registration date': '2025-01-01' };
    expect(await groups.one('g', group, { key: 'K', adopt: true })).toMatchObject({ kind: 'refused', error: { code: 'KeyCollision' } });
  });

  it('that is no longer known is said, where the record is to be taken away', async () => {
    const world = await destinationWorld();
    const keyed = world.to({ subject: 'Beneficiary' }, { keyed: true });
    await keyed.one('a', PERSON, { key: 'K' });
    const ref = [{ origin: { entityType: 'Thing', id: 'a' } }];
    expect(await keyed.destination.find(ref, world.c)).toMatchObject([[{ type: 'subject' }]]);
    expect((await keyed.remove('a')).kind).toBe('removed');
    expect(await keyed.remove('never')).toMatchObject({ kind: 'refused', error: { code: 'KeyNotKnown' } });
  });
});
