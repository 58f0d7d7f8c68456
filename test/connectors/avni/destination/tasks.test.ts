import { describe, expect, it } from '@jest/globals';
import { avni } from '../../../../src/connectors/avni/index.js';
import { destinationWorld, everything, PERSON } from './world.js';

const TASK = {
  Name: 'Call',
  'Task status': 'New',
  'Scheduled on': '2026-11-24T10:00:00+05:30',
  metadata: { 'Phone number': '9000000001' },
};

describe('a task', () => {
  it('is made, changed, voided and comes back; one that has not changed keeps its id', async () => {
    const world = await destinationWorld();
    const { organisation, simulator } = world;
    await world.to({ subject: 'Beneficiary' }, { entityType: 'Person' }).one('s', PERSON);
    const subject = organisation.all()[0]?.id;
    const { one, remove, destination } = world.to({ task: 'Follow-up' });
    const body = { ...TASK, 'Subject ID': subject, observations: { Remarks: 'soon' } };
    const made = await one('t', body);
    expect(made).toEqual({ kind: 'created', ids: { main: expect.any(String) } });
    const before = everything(organisation);
    expect(await one('t', body)).toEqual({ ...made, kind: 'unchanged' });
    expect(everything(organisation)).toEqual(before);
    const done = { ...body, 'Task status': 'Done', 'Completed on': '2026-11-25T10:00:00Z' };
    expect((await one('t', done)).kind).toBe('updated');
    expect((await one('t', done)).kind).toBe('unchanged');
    const refs = [{ origin: { entityType: 'Thing', id: 't' } }, { origin: { entityType: 'Thing', id: 'none' } }];
    expect(await destination.find(refs, world.c)).toEqual([[{ type: 'task', id: expect.any(String) }], []]);
    expect((await remove('t')).kind).toBe('removed');
    expect(organisation.all().find(({ kind }) => kind === 'task')).toMatchObject({
      voided: true,
      body: { Name: 'Call', observations: { Remarks: 'soon' } },
    });
    expect(await remove('t')).toEqual({ kind: 'absent' });
    expect(await one('t', done)).toMatchObject({ kind: 'updated', revived: true });
    expect(organisation.all().filter(({ kind }) => kind === 'task')).toHaveLength(1);
    simulator.faults.push({ method: 'POST', path: '/api/task', times: 1, do: 'resetAfter' });
    expect((await one('t', body)).kind).toBe('unknown');
    expect((await one('t', body)).kind).toBe('unchanged');
  });

  it.each([
    [
      { ...TASK, Name: undefined },
      { code: 'InvalidResource', path: 'Name' },
    ],
    [
      { ...TASK, 'Scheduled on': 'tomorrow' },
      { code: 'InvalidResource', path: 'Scheduled on' },
    ],
    [{ ...TASK, metadata: { 'No such': 1 } }, { code: 'ConceptNotFound' }],
    [
      { ...TASK, 'Task status': 'Nope' },
      { code: 'Refused', status: 500 },
    ],
  ])('%j is refused', async (body, error) => {
    const { to, organisation } = await destinationWorld();
    expect(await to({ task: 'Follow-up' }).one('t', body)).toMatchObject({ kind: 'refused', error });
    expect(organisation.all()).toEqual([]);
  });

  it('of a type that Avni does not know stops, and cannot be shared', async () => {
    const { to } = await destinationWorld();
    await expect(to({ task: 'Nope' }).one('t', TASK)).rejects.toMatchObject({ code: 'UnknownType' });
    expect(avni.destinationSettings?.safeParse({ task: 'A', owns: ['B'] }).success).toBe(false);
    expect(avni.writes?.({ task: 'A' })).toEqual([{ type: 'task', discriminator: 'A' }]);
  });
});
