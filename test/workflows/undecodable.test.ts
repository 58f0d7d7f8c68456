import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { CompleteAsyncError } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { RowStatus } from '../../workflows/errored/status.js';
import type { Activities } from '../../workflows/contracts.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { classified } from '../errored/support.js';
import { idle } from '../support/fake-activities.js';
import { withProcess } from '../support/process-harness.js';
import { broken, rawQuery, rawResult, rawSignal, rawStart, rawUpdate } from '../support/raw-client.js';
import { until } from '../support/until.js';

/** What is looked at of a recorded history. */
interface History {
  events: {
    workflowExecutionStartedEventAttributes?: { workflowId: string };
    childWorkflowExecutionCompletedEventAttributes?: { result: { payloads: { data: string }[] } };
  }[];
}

const AT = '2026-01-01T00:00:00.000Z';

describe('a payload that cannot be decoded', () => {
  it('is refused by a regular process, which says so and goes on', async () => {
    await withProcess(idle, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      for (const name of ['pause', 'resume', 'runNow', 'rowChanged', 'odd'])
        for (const payload of Object.values(broken)) {
          await rawSignal(client, process, name, payload);
          await reaches(`${name} refused`, (s) => s.notes.some((note) => note.includes(name)) && s.state === 'idle' && s.cycle === 1);
        }
      for (const payload of Object.values(broken)) {
        expect(await rawUpdate(client, process, 'rewind', payload)).toContain('rewind: its payload');
        expect(await rawUpdate(client, process, 'syncRecord', payload)).toContain('syncRecord: its payload');
        expect(await rawQuery(client, process, 'status', payload)).toMatchObject({ state: 'idle' });
      }
      await handle.signal('pause', { reason: 'EMR upgrade' });
      expect((await reaches('paused', (s) => s.state === 'paused')).reason).toBe('EMR upgrade');
    });
  });

  it('is refused by an errored record, which stays as it is, also where it comes before all else', async () => {
    await withProcess(idle, async ({ client, process, taskQueue }) => {
      const row = { process, entityType: 'A', id: 'r1' };
      const failure = { version: 'v1', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1, retryAt: AT };
      await sendToRow({ client, taskQueue }, row, { kind: 'failed', ...failure });
      const handle = client.workflow.getHandle(rowId(process, 'A', 'r1'));
      for (const name of ['failed', 'synced', 'gone', 'waiting', 'retry', 'ignore'])
        for (const payload of Object.values(broken)) {
          await rawSignal(client, handle.workflowId, name, payload);
          const told = await until(`${name} refused`, async () => {
            const each = await handle.query<RowStatus>('status');
            return each.ignoredMessage?.startsWith(`${name}: its payload`) === true && each;
          });
          expect(told).toMatchObject({ state: 'failing', attempts: 1, decisions: [] });
        }
      await handle.signal('synced', { version: 'v1', stamp: AT, at: AT });
      expect(await handle.result()).toMatchObject({ result: 'synced' });
    });
  });

  it('starts nothing: each workflow refuses it as its input', async () => {
    await withProcess(idle, async ({ client, process, taskQueue }) => {
      for (const workflowType of ['integrationProcess', 'errorProcess', 'erroredRecord', 'entitySync', 'recordSync'])
        for (const [name, payload] of Object.entries(broken)) {
          const workflowId = `${process}/${workflowType}/${name}`;
          await rawStart(client, { workflowType, workflowId, taskQueue }, payload);
          await expect(client.workflow.getHandle(workflowId).result()).rejects.toMatchObject({
            cause: { type: 'InvalidInput', message: expect.stringContaining('cannot be decoded') },
          });
        }
    });
  });

  it('is no result of an activity: the task fails until there is one that can be read', async () => {
    const activities: Activities = {
      ...idle,
      planCycle: async () => {
        throw new CompleteAsyncError();
      },
    };
    await withProcess(activities, async ({ start, client, process }) => {
      await start();
      const handle = client.workflow.getHandle(process);
      const activityId = await until(
        'the activity runs',
        async () => (await handle.describe()).raw.pendingActivities?.[0]?.activityId ?? undefined,
      );
      await rawResult(client, process, activityId, broken.noJson);
      await until('the task fails', async () => {
        const { events } = await handle.fetchHistory();
        return events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message?.includes('cannot be decoded'));
      });
      expect((await handle.describe()).status.name).toBe('RUNNING');
    });
  });

  it('is no result of a child: nothing is made of it', async () => {
    const history = JSON.parse(await readFile(new URL('../histories/v1-busy-cycle.json', import.meta.url), 'utf8')) as History;
    const result = history.events.flatMap((event) => event.childWorkflowExecutionCompletedEventAttributes?.result.payloads ?? [])[0];
    if (!result) throw new Error('No child ends in this history');
    const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
    const source = { workflowBundle: { codePath: process.env['SANGAM_TEST_BUNDLE'] ?? '' } };
    await Worker.runReplayHistory(source, history, workflowId);
    result.data = Buffer.from('{"bookmark": Asha').toString('base64');
    const refused = Worker.runReplayHistory(source, history, workflowId);
    await expect(refused).rejects.toThrow('A result cannot be decoded (encoding json/plain)');
    await expect(refused).rejects.not.toThrow('Asha');
  });
});
