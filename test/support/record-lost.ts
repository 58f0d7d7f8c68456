import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { idle } from './fake-activities.js';
import { healed, retrying, rowsOf } from './fake-retries.js';
import { withProcess } from './process-harness.js';
import { until } from './until.js';

type Save = (handle: WorkflowHandle, name: string) => Promise<void>;

const AT = '2026-01-01T00:00:00.000Z';

/** Records what becomes of a batch whose worker was lost, and a row that is looked at again. */
export async function recordLost(save: Save): Promise<void> {
  let tries = 0;
  const { activities } = retrying({
    open: { A: rowsOf('1', '2') },
    answer: (batch) => {
      if (++tries > 1) return healed(batch);
      throw ApplicationFailure.create({ type: 'WorkerLost', message: 'lost', nextRetryDelay: '1 hour' });
    },
  });
  await withProcess({ ...idle, ...activities }, async ({ client, process, taskQueue, startErrors, errorsReach }) => {
    const errors = await startErrors();
    await errorsReach('a lost try', () => tries === 1);
    await errors.signal('pause', { reason: 'r' });
    await errorsReach('paused', ({ state }) => state === 'paused');
    await save(client.workflow.getHandle(`${process}/errors/A`), 'entity-retry-lost-batch');

    await sendToRow({ client, taskQueue }, { process, entityType: 'A', id: 'lost' }, { kind: 'waiting', at: AT, children: [] });
    const row = client.workflow.getHandle(rowId(process, 'A', 'lost'));
    await row.signal('synced', { version: 'v1', stamp: AT, at: AT });
    await until('the row is told', async () => (await row.query<RowStatus>('status')).inStep !== undefined);
    await save(row, 'errored-record-to-look-again');
    await row.signal('synced', { version: 'v1', stamp: AT, at: AT, looked: true });
    await row.result();
    await save(row, 'errored-record-looked');
  });
}
