import type { WorkflowHandle } from '@temporalio/client';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { classified } from '../errored/support.js';
import { idle } from './fake-activities.js';
import { healed, retryUntilCancelled, retrying, rowsOf } from './fake-retries.js';
import { withProcess, type Harness } from './process-harness.js';
import { until } from './until.js';

type Save = (handle: WorkflowHandle, name: string) => Promise<void>;

const AT = '2026-01-01T00:00:00.000Z';
const failure = { version: 'v1', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1, retryAt: AT };
const child = (id: string) => ({ entityType: 'B', id, version: 'v' });

/** Records what errored records, error processes and their children do in this release. */
export async function recordErrors(save: Save): Promise<void> {
  await recordRows(save);
  await recordIdle(save);
  await recordBusy(save);
  await recordPaused(save);
}

async function recordRows(save: Save): Promise<void> {
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
    await busy.signal('retry');
    await busy.signal('failed', { ...failure, attempt: 1, retryAt: undefined });
    await told(busy, ({ attempts, retryAt }) => attempts === 1 && retryAt === undefined);
    await busy.signal('ignore', { reason: 'a test record', by: 'Asha' });
    await busy.signal('ignore');
    await told(busy, ({ ignoredMessage }) => ignoredMessage !== undefined);
    await busy.signal('failed', { ...failure, version: 'v2', stamp: '2026-01-02T00:00:00.000Z' });
    await told(busy, ({ failure: known }) => known?.version === 'v2');
    await busy.signal('synced', { version: 'v2', stamp: '2026-01-02T00:00:00.000Z', at: AT });
    await told(busy, ({ state }) => state === 'releasing');
    await save(busy, 'errored-record-of-messages');
    await busy.signal('synced', { version: 'v2', stamp: '2026-01-02T00:00:00.000Z', at: AT, released: [child('1'), child('2')] });
    await busy.result();
    await save(busy, 'errored-record-synced');

    const long = await open('long');
    const { runId } = await long.describe();
    await long.signal('waiting', { at: AT, children: [child('1')] });
    for (let from = 0; from < 520; from += 40)
      await Promise.all(Array.from({ length: 40 }, async () => long.signal('waiting', { at: AT, children: [] })));
    await until('it continued as new', async () => (await long.describe()).runId !== runId);
    await long.signal('failed', { ...failure, attempt: 2, retryAt: undefined });
    await told(long, ({ attempts }) => attempts === 2);
    await save(client.workflow.getHandle(long.workflowId), 'errored-record-continued');
  });
}

function errorsOf({ client, process }: Harness): WorkflowHandle {
  return client.workflow.getHandle(`${process}/errors`);
}

async function recordIdle(save: Save): Promise<void> {
  await withProcess({ ...idle, ...retrying({ open: {} }).activities }, async (harness) => {
    await harness.startErrors();
    await harness.errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
    await save(errorsOf(harness), 'errors-idle');
  });
}

async function recordBusy(save: Save): Promise<void> {
  let calls = 0;
  let release: (() => void) | undefined;
  const down = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' } as const;
  const { activities } = retrying({
    open: { A: rowsOf('1', '2', '3'), B: rowsOf('4'), C: rowsOf('5') },
    dependsOn: { B: ['A'] },
    limit: 1,
    answer: async (input) => {
      calls += 1;
      if (calls === 2) await new Promise<void>((resolve) => (release = resolve));
      return calls === 3 ? { ...healed(input), done: 0, stopped: down } : healed(input);
    },
  });
  await withProcess({ ...idle, ...activities }, async (harness) => {
    const first = await harness.startErrors();
    await harness.errorsReach('busy', (s) => s.child !== undefined && release !== undefined);
    await first.signal('released');
    await save(harness.client.workflow.getHandle(`${harness.process}/errors/A`), 'entity-retry-busy');
    await save(errorsOf(harness), 'errors-busy');
    release?.();
    await harness.errorsReach('done', (s) => s.state === 'idle' && s.lastPass !== undefined);
    await save(harness.client.workflow.getHandle(first.workflowId, first.firstExecutionRunId), 'errors-pass-on-a-sick-system');
    await save(harness.client.workflow.getHandle(`${harness.process}/errors/C`), 'entity-retry-done');
  });
}

async function recordPaused(save: Save): Promise<void> {
  let calls = 0;
  const { activities } = retrying({
    open: { A: rowsOf('1') },
    answer: async () => {
      calls += 1;
      return retryUntilCancelled(0);
    },
  });
  await withProcess({ ...idle, ...activities }, async (harness) => {
    const regular = await harness.start();
    await harness.reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
    const errors = await harness.startErrors();
    await harness.errorsReach('busy', (s) => s.child !== undefined && calls === 1);
    await regular.signal('pause', { reason: 'r', by: 'b' });
    await harness.reaches('paused', (s) => s.state === 'paused');
    await harness.errorsReach('paused', (s: ErrorsStatus) => s.state === 'paused');
    await save(harness.client.workflow.getHandle(harness.process, regular.firstExecutionRunId), 'process-first-cycle-with-errors');
    await save(harness.client.workflow.getHandle(harness.process), 'process-paused-with-errors');
    await save(harness.client.workflow.getHandle(errors.workflowId, errors.firstExecutionRunId), 'errors-interrupted');
    await save(errorsOf(harness), 'errors-paused');
    await regular.signal('resume');
    await harness.errorsReach('going on', (s) => s.child !== undefined && calls > 1);
    await save(harness.client.workflow.getHandle(`${harness.process}/errors/A`), 'entity-retry-again');
  });
}
