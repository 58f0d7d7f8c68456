import { expect, it } from '@jest/globals';
import { destinationWorld, PERSON } from './world.js';

it.each(['../../admin/users/1', '..', 'a/b', 'a;b', '..\\admin', 'a?b=c#d', '%2e%2e', 'a b'])(
  'writes nothing outside of the records of its kind, whatever id Avni gives one: %s',
  async (id) => {
    const { simulator, organisation, to } = await destinationWorld();
    const things = to({ subject: 'Beneficiary' });
    await things.one('r1', PERSON);
    expect(organisation.all()).toHaveLength(1);
    for (const each of organisation.all()) organisation.show(each.id, { members: { ID: id } });
    const outcomes = [await things.one('r1', { ...PERSON, 'Last name': 'Rani' }), await things.remove('r1')];
    const writes = simulator.requests.filter((each) => !each.startsWith('GET ')).map((each) => each.split(' ')[1] ?? '');
    const own = ['/api/subject', `/api/subject/${encodeURIComponent(id)}`];
    expect(writes.filter((path) => !own.includes(path))).toEqual([]);
    expect(writes).toContain('/api/subject');
    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => expect.any(String)));
    expect(JSON.stringify(outcomes)).not.toContain(PERSON['First name']);
  },
);
