import type { WorkflowHandle } from '@temporalio/client';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { classified } from '../errored/support.js';
import { idle } from './fake-activities.js';
import { retrying } from './fake-retries.js';
import { withLateWorker } from './late-worker.js';
import { withProcess } from './process-harness.js';
import { until } from './until.js';

const AT = '2026-01-01T00:00:00.000Z';

/** Records what processes make of messages that were there before them, and a row of being cancelled. */
export async function recordSteering(save: (handle: WorkflowHandle, name: string) => Promise<void>): Promise<void> {
  const activities = { ...idle, ...retrying({ open: {} }).activities };
  await withProcess(activities, async ({ client, process, taskQueue }) => {
    const queue = `${taskQueue}-late`;
    const start = async (type: string, workflowId: string, of: string): Promise<WorkflowHandle> =>
      client.workflow.start(type, { workflowId, taskQueue: queue, args: [{ process: of }] });
    const regular = await start('integrationProcess', `${process}-early`, `${process}-early`);
    await regular.signal('runNow');
    await regular.signal('resume');
    await regular.signal('pause', { reason: 'r' });
    const errors = await start('errorProcess', `${process}/errors`, process);
    await errors.signal('follow', { since: AT });
    await errors.signal('resume');
    await errors.signal('released');
    await withLateWorker({ taskQueue: queue, activities }, async () => {
      for (const handle of [regular, errors])
        await until('it rests', async () => {
          const { state, nextRun } = await handle.query<ErrorsStatus>('status');
          return state === 'paused' || nextRun !== undefined;
        });
      await save(regular, 'process-early-messages');
      await save(errors, 'errors-early-messages');
      for (const handle of [regular, errors]) await handle.terminate('recorded');
    });
    const failure = { version: 'v1', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1, retryAt: AT };
    await sendToRow({ client, taskQueue }, { process, entityType: 'A', id: 'cancelled' }, { kind: 'failed', ...failure });
    const row = client.workflow.getHandle(rowId(process, 'A', 'cancelled'));
    await until('it runs', async () => (await row.query<{ attempts: number }>('status')).attempts === 1);
    await row.cancel();
    await until('the cancel is over', async () => {
      const { status } = await row.describe();
      return status.name !== 'RUNNING' || (await row.query<{ ignoredMessage?: string }>('status')).ignoredMessage !== undefined;
    });
    await save(row, 'errored-record-cancelled');
  });
}
