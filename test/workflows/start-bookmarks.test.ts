import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { readBookmarks } from '../../src/temporal/read-bookmarks.js';
import type { Activities, PlanCycleInput } from '../../workflows/contracts.js';
import { idle, type Syncing } from '../support/fake-activities.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const AT = '2020-01-01T00:00:00.000Z';
const within = { v: 1, at: AT, place: { stamp: AT, page: 3, size: 100 }, systems: 'a+b' } as const;
const given = { A: '2020-01-01T05:30:00+05:30', B: within };
const kept = { A: { v: 1, at: AT }, B: within };

/** Works until it is cancelled. */
async function forEver(): Promise<never> {
  const beat = setInterval(() => Context.current().heartbeat(), 50);
  try {
    return await Context.current().cancelled;
  } finally {
    clearInterval(beat);
  }
}

/** Activities whose plan is never made, and what they were asked. */
function neverPlanned() {
  const asked: PlanCycleInput[] = [];
  const planCycle: Activities['planCycle'] = async (input) => {
    asked.push(input);
    return forEver();
  };
  return { asked, activities: { ...idle, planCycle } };
}

describe('the bookmarks a process was started with', () => {
  it('are in its memo before anything is planned, and make the start of the next one', async () => {
    const { asked, activities } = neverPlanned();
    await withProcess(activities, async ({ start, client, process }) => {
      const handle = await start({ bookmarks: given });
      await until('the plan is being made', () => asked.length === 1);
      await handle.terminate('test');
      const bookmarks = await readBookmarks(client, process, []);
      expect(bookmarks).toEqual(kept);
      await start({ bookmarks });
      await until('the next plan is being made', () => asked.length === 2);
      expect(asked[1]?.startBookmarks).toEqual(kept);
    });
  });

  it('are read from its start where it was terminated before any worker took it up', async () => {
    await withProcess(idle, async ({ client, process, taskQueue }) => {
      const workflow = { workflowId: process, taskQueue: `${taskQueue}-of-nobody` };
      const handle = await client.workflow.start('integrationProcess', { ...workflow, args: [{ process, bookmarks: given }] });
      await handle.terminate('test');
      expect(await readBookmarks(client, process, [])).toEqual(kept);
      await (await client.workflow.start('integrationProcess', { ...workflow, args: ['nonsense'] })).terminate('test');
      expect(await readBookmarks(client, process, [])).toEqual({});
    });
  });

  it('stay there over a pause during the first plan, and when it is cancelled then', async () => {
    const { asked, activities } = neverPlanned();
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start({ bookmarks: given });
      await until('the plan is being made', () => asked.length === 1);
      await handle.signal('pause');
      await reaches('paused', (s) => s.state === 'paused' && s.cycle === 2);
      expect(await readBookmarks(client, process, [])).toEqual(kept);
      await client.workflow.getHandle(process).cancel();
      await expect(client.workflow.getHandle(process).result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect(await readBookmarks(client, process, [])).toEqual(kept);
    });
  });

  it('are refused by the first plan where they are nonsense, and not before', async () => {
    const planCycle: Activities['planCycle'] = async () => ({ kind: 'refused', code: 'InvalidBookmarks', message: 'm' });
    await withProcess({ ...idle, planCycle }, async ({ start }) => {
      for (const bookmarks of [null, 5, 'x', [], { A: null }, { A: 5 }, { A: 'yesterday' }, { A: { at: {} } }])
        await expect((await start({ bookmarks } as object)).result()).rejects.toMatchObject({ cause: { type: 'InvalidBookmarks' } });
    });
  });
});

describe('the bookmarks of a first plan, such as `since` makes', () => {
  it('are in the memo while the first child runs', async () => {
    let syncing = false;
    const bookmark = { v: 1, at: AT, systems: 'a+b' } as const;
    const activities: Syncing = {
      planCycle: async () => ({ kind: 'plan', plan: planOf([{ entityType: 'A' }, { entityType: 'B', bookmark }]) }),
      syncChanges: async () => {
        syncing = true;
        return forEver();
      },
    };
    await withProcess(activities, async ({ start, client, process }) => {
      const handle = await start();
      await until('the first child runs', () => syncing);
      await handle.terminate('test');
      expect(await readBookmarks(client, process, [])).toEqual({ B: bookmark });
    });
  });
});

describe('a rewind', () => {
  const to = '2001-01-01T00:00:00.000Z';

  it('outlives the termination of a process that rests', async () => {
    const activities: Activities = {
      ...idle,
      planCycle: async () => ({ kind: 'plan', plan: planOf([{ entityType: 'A', hasChanges: false }]) }),
    };
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A']?.bookmark !== undefined);
      await handle.signal('pause');
      await reaches('paused', (s) => s.state === 'paused' && s.cycle === 2);
      const latest = client.workflow.getHandle(process);
      await latest.executeUpdate('rewind', { args: [{ entityType: 'A', to }] });
      await latest.terminate('test');
      expect(await readBookmarks(client, process, [])).toEqual({ A: { v: 1, at: to, systems: 'a+b' } });
    });
  });

  it('outlives the termination of a process while another type runs, though the type’s own child has got further', async () => {
    let syncing = false;
    const activities: Syncing = {
      planCycle: async () => ({ kind: 'plan', plan: planOf([{ entityType: 'A' }, { entityType: 'B' }]) }),
      syncChanges: async ({ entityType, until: horizon }) => {
        if (entityType === 'A') return synced(horizon);
        syncing = true;
        return forEver();
      },
    };
    await withProcess(activities, async ({ start, client, process }) => {
      const handle = await start();
      await until('the second child runs', () => syncing);
      await handle.executeUpdate('rewind', { args: [{ entityType: 'A', to }] });
      await handle.terminate('test');
      expect(await readBookmarks(client, process, [])).toEqual({ A: { v: 1, at: to, systems: 'a+b' } });
    });
  });
});
