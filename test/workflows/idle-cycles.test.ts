import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import type { PlanCycleInput } from '../../workflows/contracts.js';
import type { Syncing } from '../support/fake-activities.js';
import { retrying } from '../support/fake-retries.js';
import { planOf, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

/**
 * Of one idle cycle: its timer 2, its workflow task 3, its plan 1; more where the machine is so
 * busy that a plan takes a second.
 */
const EVENTS_PER_CYCLE = 9;

/**
 * A process that looks every 100 ms for as long as `wanted` says, finds nothing, and then rests.
 */
function looking(wanted: () => boolean) {
  const asked: PlanCycleInput[] = [];
  const activities = {
    ...retrying({ open: {} }).activities,
    planCycle: async (input: PlanCycleInput) => {
      asked.push(input);
      const { rows, ...plan } = planOf([{ entityType: 'A', hasChanges: false }], wanted() ? 100 : 3_600_000);
      return { kind: 'plan' as const, plan: { ...plan, ...(input.list && rows ? { rows } : {}) } };
    },
  };
  return { activities, asked };
}

describe('idle cycles', () => {
  it(`share a run, cost at most ${EVENTS_PER_CYCLE} events each, and ask for the list of rows at the start alone`, async () => {
    const { activities, asked } = looking(() => asked.length < 6);
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      const { cycle } = await reaches('it rests', (s) => asked.length === 6 && s.nextRun !== undefined);
      expect(cycle).toBe(6);
      const { events = [] } = await handle.fetchHistory();
      const first = (events ?? []).findIndex((each) => each.timerStartedEventAttributes);
      const last = (events ?? []).findLastIndex((each) => each.timerStartedEventAttributes);
      // From the first timer to the last are five cycles.
      expect((last - first) / 5).toBeLessThanOrEqual(EVENTS_PER_CYCLE);
      expect(asked.map(({ list }) => list)).toEqual([true, ...Array<boolean>(5).fill(false)]);
    });
  });

  it('continue as new after sixty of them, with all that is known', async () => {
    const { activities, asked } = looking(() => false);
    let ask = async (): Promise<void> => undefined;
    const planCycle: Syncing['planCycle'] = async (input) => {
      const plan = await activities.planCycle(input);
      // A timer of the server takes a second: each cycle asks for the next, as an operator may.
      if (asked.length < 62) await ask();
      return plan;
    };
    await withProcess({ ...activities, planCycle }, async ({ start, reaches, client, process }) => {
      ask = () => client.workflow.getHandle(process).signal('runNow');
      const handle = await start();
      await until('sixty-two cycles', () => asked.length === 62, 90_000);
      const status = await reaches('it rests', (s) => asked.length === 62 && s.nextRun !== undefined);
      expect(status).toMatchObject({ cycle: 62, digest: 'd1', types: { A: { lastDone: expect.any(String) } } });
      const { raw, runId } = await client.workflow.getHandle(process).describe();
      expect(runId).not.toBe(handle.firstExecutionRunId);
      expect(raw.workflowExecutionInfo?.firstRunId).toBe(handle.firstExecutionRunId);
      // All of the run counts, its first plan and its end included.
      const { events } = await client.workflow.getHandle(process, handle.firstExecutionRunId).fetchHistory();
      expect((events?.length ?? Infinity) / 60).toBeLessThanOrEqual(EVENTS_PER_CYCLE);
      // Only the first plan is that of a process that starts.
      expect(asked.filter(({ digest, list }) => digest === undefined || list)).toEqual([asked[0]]);
    });
  });

  it('are planned by an activity of their own where a source is slow, so that a message reaches the process', async () => {
    const { activities, asked } = looking(() => asked.length < 5);
    const local: boolean[] = [];
    const planCycle: Syncing['planCycle'] = async (input) => {
      const { info, cancelled } = Context.current();
      local.push(info.isLocal);
      const plan = await activities.planCycle(input);
      if (input.digest !== undefined) await Promise.race([cancelled, pause(1_500)]);
      return plan;
    };
    await withProcess({ ...activities, planCycle }, async ({ start, reaches }) => {
      await start();
      await reaches('it rests', (s) => asked.length === 5 && s.nextRun !== undefined);
      // One try is given up after a second; it is not made again while plans take as long.
      expect(local.filter((each) => each)).toHaveLength(1);
      expect(local.slice(-2)).toEqual([false, false]);
    });
  });

  it('ask for the list of rows again where a row says that it changed', async () => {
    const { activities, asked } = looking(() => false);
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.nextRun !== undefined);
      await handle.signal('rowChanged', {});
      await until('it looks', () => asked.length === 2);
      expect(asked[1]?.list).toBe(true);
      await reaches('idle', (s) => s.nextRun !== undefined);
    });
  });

  it('do not follow one another without rest where no plan can be made, whatever is asked for', async () => {
    const { activities, asked } = looking(() => false);
    let refusing = false;
    const planCycle: Syncing['planCycle'] = async (input) => {
      const plan = await activities.planCycle(input);
      return refusing ? { kind: 'refused', code: 'DefinitionInvalid', message: 'm' } : plan;
    };
    await withProcess({ ...activities, planCycle }, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.nextRun !== undefined);
      refusing = true;
      for (const name of ['runNow', 'rowChanged']) await handle.signal(name, {});
      await reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      const looks = asked.length;
      await handle.signal('rowChanged', {});
      await handle.signal('runNow', { errors: true });
      await reaches('stopped still', (s) => s.state === 'stopped' && s.nextRun !== undefined && asked.length > looks);
      expect(asked.length).toBeLessThanOrEqual(looks + 2);
      refusing = false;
      await handle.signal('runNow');
      await reaches('well', (s) => s.state === 'idle' && s.nextRun !== undefined);
    });
  });

  it('follow a rewind in the next one', async () => {
    const { activities, asked } = looking(() => false);
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.nextRun !== undefined);
      await handle.executeUpdate('rewind', { args: [{ entityType: 'A', to: '2020-01-01T00:00:00Z' }] });
      await until('it looks from there', () => asked.at(-1)?.bookmarks['A']?.at === '2020-01-01T00:00:00.000Z');
      await reaches('idle', (s) => s.nextRun !== undefined);
      expect(asked).toHaveLength(2);
    });
  });
});
