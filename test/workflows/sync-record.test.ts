import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { WritingActivities } from '../../workflows/contracts.js';
import { idle, type Syncing } from '../support/fake-activities.js';
import { untilCancelled } from '../support/fake-retries.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';
import type { SyncRecordResult } from '../../src/model/turns.js';

type Request = { entityType: string; id: string; anyway?: true };

/** Asks for a record: refused in words, or answered. */
const ask = (handle: WorkflowHandle, request: Request): Promise<SyncRecordResult> =>
  handle.executeUpdate<SyncRecordResult, [Request]>('syncRecord', { args: [request] });

/** Why a request is refused. */
const refused = (handle: WorkflowHandle, request: object): Promise<string> =>
  ask(handle, request as Request).then(
    () => 'answered',
    (error: { cause?: { message?: string } }) => error.cause?.message ?? String(error),
  );

/** Brings records over, one after the other, and notes it in `order`. */
function bringing(order: string[], sync: WritingActivities['syncChanges'] = idle.syncChanges) {
  const hold: { release?: () => void } = {};
  const holding = { first: false };
  const activities: Syncing & Pick<WritingActivities, 'syncRecord'> = {
    planCycle: idle.planCycle,
    syncChanges: sync,
    syncRecord: async ({ id }) => {
      order.push(`begin ${id}`);
      if (holding.first) {
        const beat = setInterval(() => Context.current().heartbeat({}), 50);
        await Promise.race([new Promise<void>((resolve) => (hold.release = resolve)), Context.current().cancelled.catch(() => undefined)]);
        clearInterval(beat);
        holding.first = false;
      }
      order.push(`end ${id}`);
      return { what: 'in step', outcome: id, hadRow: false };
    },
  };
  return { activities, hold, holding };
}

describe('a request for one record', () => {
  it('is served at once while the process is idle, in a child of its own', async () => {
    const order: string[] = [];
    await withProcess(bringing(order).activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(await ask(handle, { entityType: 'A', id: 'r1' })).toMatchObject({ what: 'in step', outcome: 'r1', hadRow: false });
      expect(order).toEqual(['begin r1', 'end r1']);
      expect((await client.workflow.getHandle(`${process}/record`).describe()).status.name).toBe('COMPLETED');
      await reaches('idle again', (s) => s.state === 'idle' && s.nextRun !== undefined);
    });
  });

  it('is refused in words where it is none', async () => {
    await withProcess(bringing([]).activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(await refused(handle, { entityType: 'Z', id: 'r' })).toContain('has no entity type "Z". It has: A');
      expect(await refused(handle, { entityType: 'A' })).toContain('syncRecord: "id" must be');
      expect(await refused(handle, { entityType: 'A', id: 'x', any: true })).toContain('knows no "any"');
      expect(await refused(handle, { entityType: 'A', id: 'x'.repeat(5_000) })).toContain('syncRecord: "id" must have at most 2000');
    });
  });

  it('ends a turn of changes, which keeps what was done, is served next, and the type then goes on', async () => {
    const order: string[] = [];
    const { activities } = bringing(order, async (input) => {
      order.push(`A after ${input.after?.at.slice(0, 4) ?? 'nothing'}`);
      if (order.length > 1) return synced(input.until);
      await untilCancelled();
      order.push('A drained');
      return { ...synced('2020-06-01T00:00:00.000Z', 5), done: false, cancelled: true };
    });
    activities.planCycle = async ({ bookmarks, lastDone }) => {
      const due = lastDone['A'] === undefined;
      return { kind: 'plan', plan: planOf([{ entityType: 'A', bookmark: bookmarks['A'] ?? null, due }]) };
    };
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await until('the load runs', () => order.length === 1);
      expect((await ask(handle, { entityType: 'A', id: 'r1' })).outcome).toBe('r1');
      const status = await reaches('it went on', (s) => s.types['A']?.lastDone !== undefined);
      expect(order).toEqual(['A after nothing', 'A drained', 'begin r1', 'end r1', 'A after 2020']);
      expect(status.types['A']?.total?.read).toBe(6);
    });
  });

  it('is refused in words while the process is paused, and served where it is asked for anyway; the pause goes on', async () => {
    const order: string[] = [];
    await withProcess(bringing(order).activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      await handle.signal('pause', { reason: 'EMR upgrade' });
      await reaches('paused', (s) => s.state === 'paused');
      expect(await refused(handle, { entityType: 'A', id: 'r1' })).toMatch(/is paused.*"anyway": true/);
      expect((await ask(handle, { entityType: 'A', id: 'r2', anyway: true })).outcome).toBe('r2');
      expect(order).toEqual(['begin r2', 'end r2']);
      expect((await reaches('paused still', (s) => s.state === 'paused')).reason).toBe('EMR upgrade');
    });
  });

  it('waits for the one before it, which it does not break off', async () => {
    const order: string[] = [];
    const { activities, hold, holding } = bringing(order);
    holding.first = true;
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      const first = ask(handle, { entityType: 'A', id: 'r1' });
      await until('the first is served', () => hold.release);
      const second = ask(handle, { entityType: 'A', id: 'r2' });
      const events = async () => (await client.workflow.getHandle(process).fetchHistory()).events ?? [];
      await until(
        'the second waits',
        async () => (await events()).filter((each) => each.workflowExecutionUpdateAcceptedEventAttributes).length === 2,
      );
      hold.release?.();
      expect([(await first).outcome, (await second).outcome]).toEqual(['r1', 'r2']);
      expect(order).toEqual(['begin r1', 'end r1', 'begin r2', 'end r2']);
    });
  });

  it('is ended by a pause, and told so; one that waits behind it is served after resume', async () => {
    const order: string[] = [];
    const { activities, hold, holding } = bringing(order);
    holding.first = true;
    activities.syncRecord = ((bring) => async (input) => {
      const result = await bring(input);
      return Context.current().cancellationSignal.aborted ? { ...result, what: 'failing', stopped: cancelled } : result;
    })(activities.syncRecord);
    const cancelled = { code: 'Cancelled', message: 'm', remedy: 'r', needs: 'person' } as const;
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      const first = ask(handle, { entityType: 'A', id: 'r1' });
      await until('the first is served', () => hold.release);
      const second = ask(handle, { entityType: 'A', id: 'r2' });
      await until('the second waits', async () => {
        const { events } = await client.workflow.getHandle(process).fetchHistory();
        return (events?.filter((each) => each.workflowExecutionUpdateAcceptedEventAttributes) ?? []).length === 2;
      });
      await handle.signal('pause');
      expect((await first).stopped?.code).toBe('Cancelled');
      await reaches('paused', (s) => s.state === 'paused');
      expect(order).toEqual(['begin r1', 'end r1']);
      await handle.signal('resume');
      expect((await second).outcome).toBe('r2');
    });
  });

  it('is answered where the process is cancelled before or while it has its turn', async () => {
    const order: string[] = [];
    const { activities, hold, holding } = bringing(order);
    holding.first = true;
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      const both = ['r1', 'r2'].map((id) => ask(handle, { entityType: 'A', id }));
      await until('the first is served', () => hold.release);
      await handle.cancel();
      const answers = await Promise.all(both);
      const served = order[0]?.replace('begin ', '');
      // Its activity got it over all the same.
      expect(answers.flatMap(({ outcome }) => outcome ?? [])).toEqual([served]);
      expect(answers.find(({ outcome }) => outcome === undefined)?.stopped).toMatchObject({
        code: 'Cancelled',
        message: expect.stringContaining('cancelled'),
      });
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
  });

  it('is never lost over continue-as-new', async () => {
    const order: string[] = [];
    await withProcess(bringing(order).activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      const ids = Array.from({ length: 30 }, (_, index) => `r${index}`);
      const latest = client.workflow.getHandle(process);
      const answer = async (id: string) => (await ask(latest, { entityType: 'A', id })).outcome;
      // One by one each ends the cycle after the one before, and with it a run; then many at once.
      for (const id of ids.slice(0, 6)) expect(await answer(id)).toBe(id);
      expect(await Promise.all(ids.slice(6).map(answer))).toEqual(ids.slice(6));
      expect(order.filter((each) => each.startsWith('begin')).sort()).toEqual(ids.map((id) => `begin ${id}`).sort());
      expect((await latest.describe()).runId).not.toBe(handle.firstExecutionRunId);
    });
  });
});
