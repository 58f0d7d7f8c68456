import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { errorsText } from '../../src/cli/errors-text.js';
import { listErring } from '../../src/temporal/errors/list-erring.js';
import { readErrors } from '../../src/temporal/errors/read-errors.js';
import { recordOfRow } from '../../src/temporal/errors/read-row.js';
import { isPaused } from '../../src/temporal/is-paused.js';
import { readBookmarks } from '../../src/temporal/read-bookmarks.js';
import { listProcesses } from '../../src/temporal/read-status.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { rowMemo } from '../../workflows/errored/status.js';
import { newRow, reduceRow } from '../../workflows/errored/row.js';
import { classified } from '../errored/support.js';
import { idle } from '../support/fake-activities.js';
import { withProcess, type Harness } from '../support/process-harness.js';
import { broken, rawStart, type RawPayload } from '../support/raw-client.js';
import { until } from '../support/until.js';

const [AT, LATER] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
const target = { address: '127.0.0.1:7233', namespace: 'default', temporal: 'temporal' };

const encoded = (value: unknown): RawPayload => defaultPayloadConverter.toPayload(value) as RawPayload;

/**
 * What anyone may start under the names of a process: on the test's task queue of nobody, so that
 * no worker of ours mends it.
 */
function foreign({ client, process, taskQueue }: Harness) {
  return async (workflowType: string, workflowId: string, memo: Record<string, RawPayload>, attributes: Record<string, string> = {}) => {
    const searchAttributes = { IntegrationProcess: process, EntityType: 'A', ...attributes };
    await rawStart(client, { workflowType, workflowId, taskQueue: `${taskQueue}-of-nobody`, memo, searchAttributes }, encoded({}));
    return client.workflow.getHandle(workflowId);
  };
}

describe('a workflow that others started with a memo that cannot be decoded', () => {
  it('is passed over by name, and everything else is listed, counted and read as before', async () => {
    await withProcess(idle, async (harness) => {
      const { client, process, taskQueue } = harness;
      const start = foreign(harness);
      const started: WorkflowHandle[] = [];
      try {
        const failure = { version: 'v1', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1, retryAt: AT };
        await sendToRow({ client, taskQueue }, { process, entityType: 'A', id: 'ours' }, { kind: 'failed', ...failure });
        const ids = Object.keys(broken).map((name) => `${process}/errored/A/${name.toLowerCase()}`);
        for (const [index, payload] of Object.values(broken).entries())
          started.push(await start('erroredRecord', ids[index] ?? '', { row: payload }));
        const half = `${process}/errored/A/half`;
        const begun = newRow({ process, entityType: 'A', id: 'half' }, LATER);
        const row = encoded(rowMemo(reduceRow(begun, { kind: 'failed', ...failure, at: LATER })));
        started.push(await start('erroredRecord', half, { note: broken.noJson, row }));
        started.push(
          await start('erroredRecord', `${process}/odd`, { row: broken.noJson }, { IntegrationProcess: `an "odd" \\ one of ${taskQueue}` }),
        );
        started.push(await start('integrationProcess', `${taskQueue} is none`, { bookmarks: broken.noJson }));
        const regular = await start('integrationProcess', process, { bookmarks: broken.noText });
        const errorProcess = await start('errorProcess', `${process}/errors`, { pass: broken.oddEncoding });
        started.push(regular, errorProcess);
        started.push(await start('entitySync', `${process}/sync/A`, { bookmarks: broken.noEncoding, note: broken.nothing }));

        await until('all are listed', async () => (await client.workflow.count(`IntegrationProcess="${process}"`)).count === 11);
        const passedOver: string[] = [];
        const rows = await listRows(client, process, { onPassedOver: (id) => passedOver.push(id) });
        expect(rows.map(({ id }) => id).sort()).toEqual(['half', 'ours']);
        expect(passedOver.sort()).toEqual([...ids].sort());
        expect(await listProcesses(client, 'running')).toContain(process);
        const erring = await listErring(client);
        expect(erring).toContain(process);
        expect(erring.filter((id) => id.includes(taskQueue))).toEqual([process]);
        // No worker answers for them: closed ones are not asked, and their memos are read all the
        // same.
        for (const handle of [regular, errorProcess]) await handle.terminate('test');
        const errors = await readErrors(client, process, target);
        expect(errors).toMatchObject({ open: 2, passedOver: expect.arrayContaining(ids) });
        expect(errorsText(errors)).toContain('Passed over: 5 that look like errored records and cannot be read.');
        expect(await recordOfRow(client, half)).toEqual({ process, entityType: 'A', id: 'half' });
        await expect(recordOfRow(client, ids[0] ?? '')).rejects.toThrow('No errored record has the workflow id');
        expect(await readBookmarks(client, process, [])).toEqual({});
        expect(await isPaused(client, process)).toBe(false);
      } finally {
        for (const handle of started) await handle.terminate('test over').catch(() => undefined);
      }
    });
  });
});
