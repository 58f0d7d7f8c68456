import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freezePrototypes } from '../../../../src/model/freeze-prototypes.js';
import { HOSTILE_NAMES } from '../../../support/hostile-names.js';
import { destinationWorld, everything, PERSON } from './world.js';

// As in a worker.
beforeAll(freezePrototypes);
afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]));

/** As JSON has it: a member of its own. */
const withMember = (body: object, name: string, value: unknown): Record<string, unknown> =>
  Object.fromEntries([...Object.entries(body), [name, value]]);

describe.each(HOSTILE_NAMES)('what is written to Avni, with %s in it', (name) => {
  it('is an error of the record where it names a concept or a field, and leaves what is stored', async () => {
    const world = await destinationWorld();
    const { one } = world.to({ subject: 'Beneficiary' });
    await one('r', PERSON);
    const before = everything(world.organisation);
    const observations = withMember(PERSON['observations'] as object, name, 'x');
    expect(await one('r', { ...PERSON, observations })).toMatchObject({ kind: 'refused', error: { code: expect.any(String) } });
    expect(await one('r', withMember(PERSON, name, 'x'))).toMatchObject({ kind: 'refused', error: { code: expect.any(String) } });
    expect(everything(world.organisation)).toEqual(before);
  });

  it('is written and found like any other where it is the id of a record', async () => {
    const world = await destinationWorld();
    const { one, remove } = world.to({ subject: 'Beneficiary' });
    expect(await one(name, PERSON)).toMatchObject({ kind: 'created' });
    expect(await one(name, PERSON)).toMatchObject({ kind: 'unchanged' });
    expect(await remove(name)).toMatchObject({ kind: 'removed' });
  });

  it('keeps what others have under that name, where the record is shared', async () => {
    const world = await destinationWorld();
    const whole = world.to({ subject: 'Beneficiary' });
    await whole.one('r', PERSON);
    const [subject] = world.organisation.all();
    if (!subject) throw new Error('It was to be written');
    world.organisation.show(subject.id, { members: { observations: withMember(PERSON['observations'] as object, name, 'theirs') } });
    const shared = world.to({ subject: 'Beneficiary', owns: ['Phone number'] });
    const outcome = await shared.one('r', { observations: { 'Phone number': '9000000002' } });
    expect(['updated', 'refused']).toContain(outcome.kind);
    expect(world.organisation.get(subject.id)?.body['observations']).toMatchObject({ 'Blood group': 'B positive' });
  });
});
