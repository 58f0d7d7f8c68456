import { describe, expect, it } from '@jest/globals';
import { avni } from '../../../../src/connectors/avni/index.js';
import { AvniOrganisation, type StoredRecord } from '../../../../src/simulators/avni/organisation.js';
import { destinationWorld, everything, PERSON } from './world.js';

/** Without an order, a database may begin elsewhere for the second page than for the first. */
class Unordered extends AvniOrganisation {
  /** Counts down to the one listing that begins in the middle. */
  turns = 0;

  override all(): StoredRecord[] {
    const all = super.all();
    this.turns -= 1;
    return this.turns === 0 ? [...all.slice(500), ...all.slice(0, 500)] : all;
  }
}

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
    organisation.change(subject ?? '', { voided: true });
    expect(await one('t', done)).toMatchObject({ kind: 'refused', error: { code: 'ParentVoided' } });
    organisation.change(subject ?? '', { voided: false });
    expect(await one('t', done)).toMatchObject({ kind: 'updated', revived: true });
    expect(organisation.all().filter(({ kind }) => kind === 'task')).toHaveLength(1);
    simulator.faults.push({ method: 'POST', path: '/api/task', times: 1, do: 'resetAfter' });
    expect((await one('t', body)).kind).toBe('unknown');
    expect((await one('t', body)).kind).toBe('unchanged');
  });

  it('with a key that another one has is the error of the second, also in a later page', async () => {
    const { to, organisation } = await destinationWorld();
    const { one, remove } = to({ task: 'Follow-up' }, { keyed: true });
    expect((await one('a', TASK, { key: 'K' })).kind).toBe('created');
    const second = await one('b', { ...TASK, Name: 'Visit' }, { key: 'K', adopt: true });
    expect(second).toMatchObject({
      kind: 'refused',
      error: { code: 'KeyCollision', message: expect.stringMatching(/i\/Thing\/b.*i\/Thing\/a/) },
    });
    expect((await one('a', { ...TASK, Name: 'Call again' }, { key: 'K' })).kind).toBe('updated');
    expect(organisation.all()).toMatchObject([{ body: { Name: 'Call again' } }]);
    expect((await remove('a')).kind).toBe('removed');
    expect((await one('b', { ...TASK, Name: 'Visit' }, { key: 'K', adopt: true })).kind).toBe('updated');
    expect((await remove('a')).kind).toBe('absent');
  });

  it('that a page of their list hides is found by another reading', async () => {
    const organisation = new Unordered();
    const { to } = await destinationWorld({}, organisation);
    const { one } = to({ task: 'Follow-up' });
    const body = { Name: 'Call', 'Task type': 'Follow-up', 'Task status': 'New' };
    for (let n = 0; n < 1000; n += 1) organisation.add('task', 'Follow-up', { ...body, 'External ID': `other ${n}` });
    expect((await one('t', TASK)).kind).toBe('created');
    organisation.turns = 2;
    expect((await one('t', TASK)).kind).toBe('unchanged');
    expect(organisation.turns).toBeLessThanOrEqual(0);
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
    expect(avni.writes?.({ task: 'A' })).toEqual([{ type: 'task', discriminator: 'A', unmarked: true }]);
  });
});
