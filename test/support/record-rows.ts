import type { WorkflowHandle } from '@temporalio/client';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { classified } from '../errored/support.js';
import { idle } from './fake-activities.js';
import type { Save } from './record-processes.js';
import { withProcess } from './process-harness.js';
import { until } from './until.js';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-02T00:00:00.000Z';
const failure = { version: 'v1', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1, retryAt: AT };
const child = (id: string) => ({ entityType: 'B', id, version: 'v' });

/** Records what errored records do. */
export async function recordRows(save: Save): Promise<void> {
  await withProcess(idle, async ({ client, process, taskQueue }) => {
    const open = async (id: string): Promise<WorkflowHandle> => {
      await sendToRow({ client, taskQueue }, { process, entityType: 'A', id }, { kind: 'failed', ...failure });
      return client.workflow.getHandle(rowId(process, 'A', id));
    };
    const told = async (row: WorkflowHandle, fits: (status: RowStatus) => boolean): Promise<void> =>
      void (await until('the row is told', async () => fits(await row.query<RowStatus>('status'))));
    const fresh = await open('fresh');
    await told(fresh, ({ state }) => state === 'failing');
    await save(fresh, 'errored-record-fresh');

    const busy = await open('busy');
    await busy.signal('waiting', { at: AT, children: [child('1'), child('2')] });
    await told(busy, ({ waiting }) => waiting.length === 2);
    // Whoever decides about it has it tell its process.
    await busy.signal('retry');
    await busy.signal('failed', { ...failure, attempt: 1, retryAt: undefined });
    await told(busy, ({ attempts, retryAt }) => attempts === 1 && retryAt === undefined);
    await busy.signal('ignore', { reason: 'a test record', by: 'Asha' });
    await busy.signal('ignore');
    await told(busy, ({ ignoredMessage }) => ignoredMessage !== undefined);
    await busy.signal('failed', { ...failure, version: 'v2', stamp: LATER });
    await told(busy, ({ failure: known }) => known?.version === 'v2');
    await busy.signal('synced', { version: 'v2', stamp: LATER, at: AT, by: 'p' });
    await told(busy, ({ state }) => state === 'releasing');
    await save(busy, 'errored-record-of-messages');
    await busy.signal('synced', { version: 'v2', stamp: LATER, at: AT, by: 'p', released: [child('1'), child('2')] });
    await busy.result();
    await save(busy, 'errored-record-closed');

    const long = await open('long');
    const { runId } = await long.describe();
    for (let from = 0; from < 520; from += 40)
      await Promise.all(Array.from({ length: 40 }, async () => long.signal('waiting', { at: AT, children: [] })));
    await until('it continued as new', async () => (await long.describe()).runId !== runId);
    await long.signal('failed', { ...failure, attempt: 2, retryAt: undefined });
    await told(long, ({ attempts }) => attempts === 2);
    await save(client.workflow.getHandle(long.workflowId), 'errored-record-continued');

    const cancelled = await open('cancelled');
    await told(cancelled, ({ attempts }) => attempts === 1);
    await cancelled.cancel();
    await told(cancelled, ({ ignoredMessage }) => ignoredMessage !== undefined);
    await save(cancelled, 'errored-record-cancelled');
  });
}
