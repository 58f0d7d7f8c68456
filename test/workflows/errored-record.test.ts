import { describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { rowsQuery } from '../../src/temporal/rows/list-rows.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import type { ErroredRecordResult } from '../../workflows/errored-record.js';
import type { RowStatus } from '../../workflows/errored/status.js';
import { retryAtKey } from '../../workflows/search-attributes.js';
import { classified } from '../errored/support.js';
import { idle } from '../support/fake-activities.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';
import type { FailedMessage } from '../../src/model/row-messages.js';

const ADDRESS = process.env['SANGAM_TEST_TEMPORAL'] ?? '';
const BUNDLE = process.env['SANGAM_TEST_BUNDLE'] ?? '';
const AT = '2026-01-01T00:00:00.000Z';
const later = (second: number): string => new Date(Date.parse(AT) + second * 1000).toISOString();
const failure = (attempt = 1, retryAt: string | null = later(60)): FailedMessage => ({
  version: 'v1',
  stamp: AT,
  digest: 'd',
  error: classified,
  at: later(attempt),
  attempt,
  ...(retryAt !== null ? { retryAt } : {}),
});

interface World {
  client: Client;
  process: string;
  taskQueue: string;
  open(id: string, message?: FailedMessage): Promise<WorkflowHandle>;
  reaches(handle: WorkflowHandle, what: string, fits: (row: RowStatus) => boolean): Promise<RowStatus>;
}

function withRows(work: (world: World) => Promise<void>): Promise<void> {
  return withProcess(idle, ({ client, process, taskQueue }) =>
    work({
      client,
      process,
      taskQueue,
      open: async (id, message = failure()) => {
        await sendToRow({ client, taskQueue }, { process, entityType: 'A', id }, { kind: 'failed', ...message });
        return client.workflow.getHandle(rowId(process, 'A', id));
      },
      reaches: (handle, what, fits) =>
        until(what, () =>
          // Temporal refuses queries while a task of the workflow fails, as those do that end a run
          // which more signals reach.
          handle
            .query<RowStatus>('status')
            .then((row) => fits(row) && row)
            .catch(() => undefined),
        ),
    }),
  );
}

async function eventsOf(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).map(({ eventType }) => String(eventType));
}

describe('erroredRecord', () => {
  it('takes messages that came before a worker did in the order in which they came', async () => {
    await withRows(async ({ client, process, taskQueue }) => {
      const queue = `${taskQueue}-later`;
      const child = { entityType: 'B', id: 'c1', version: 'v1' };
      const row = { process, entityType: 'A', id: 'r1' };
      await sendToRow({ client, taskQueue: queue }, row, { kind: 'waiting', at: AT, children: [child] });
      const handle = client.workflow.getHandle(rowId(process, 'A', 'r1'));
      await handle.signal('synced', { version: 'v1', stamp: AT, at: later(1), released: [child] });
      const connection = await NativeConnection.connect({ address: ADDRESS });
      const worker = await Worker.create({ connection, taskQueue: queue, workflowBundle: { codePath: BUNDLE } });
      await worker.runUntil(until('it is closed', async () => (await handle.describe()).status.name === 'COMPLETED'));
      await connection.close();
    });
  });

  it('shows what failed in memo and search attributes from the start, with no event for it', async () => {
    await withRows(async ({ client, process, open, reaches }) => {
      const handle = await open('r1');
      await reaches(handle, 'failing', ({ state }) => state === 'failing');
      const { memo, searchAttributes } = await handle.describe();
      expect(memo?.['row']).toEqual({
        id: 'r1',
        state: 'failing',
        version: 'v1',
        stamp: AT,
        attempts: 1,
        errorType: 'CodeMissing',
        mapping: true,
        digest: 'd',
        waiting: 0,
        firstFailedAt: later(1),
        retryAt: later(60),
      });
      expect(searchAttributes).toMatchObject({
        IntegrationProcess: [process],
        EntityType: ['A'],
        ErrorType: ['CodeMissing'],
        FirstFailedAt: [new Date(later(1))],
        RetryAt: [new Date(later(60))],
      });
      // Started, signalled, and one workflow task.
      expect(await eventsOf(handle)).toHaveLength(5);
      for (const query of [`ErrorType="CodeMissing"`, `FirstFailedAt<"${later(2)}"`, `RetryAt<"${later(61)}"`])
        await until(query, async () => (await client.workflow.count(`IntegrationProcess="${process}" AND ${query}`)).count === 1);
    });
  });

  it('keeps them true with every change, and without an event where nothing changed', async () => {
    await withRows(async ({ client, process, open, reaches }) => {
      const handle = await open('r1');
      await handle.signal('failed', failure(1));
      await reaches(handle, 'failing', ({ state }) => state === 'failing');
      expect((await eventsOf(handle)).filter((type) => /UPSERT|MODIFIED|^(40|45)$/.test(type))).toEqual([]);
      await handle.signal('failed', failure(2, null));
      const waits = await reaches(handle, 'waiting for a person', ({ attempts }) => attempts === 2);
      expect(waits.words).toContain('signal retry');
      const person = await until('shown', async () => {
        const each = await handle.describe();
        return each.typedSearchAttributes.get(retryAtKey) === undefined && each;
      });
      expect(person.memo?.['row']).toMatchObject({ attempts: 2 });
      expect(person.memo?.['row']).not.toHaveProperty('retryAt');
      await until('found', async () => (await client.workflow.count(`IntegrationProcess="${process}" AND RetryAt IS NULL`)).count === 1);
      await handle.signal('ignore', { reason: 'a test record', by: 'Asha' });
      await reaches(handle, 'ignored', ({ state }) => state === 'ignored');
      await until('in the memo', async () => ((await handle.describe()).memo?.['row'] as RowStatus).state === 'ignored');
      await handle.signal('retry', { by: 'Asha' });
      const again = await reaches(handle, 'failing', ({ state }) => state === 'failing');
      await until('due', async () => ((await handle.describe()).memo?.['row'] as RowStatus).retryAt === again.retryAt);
    });
  });

  it('gives how it ended, its attempts and who decided what', async () => {
    await withRows(async ({ open }) => {
      const synced = await open('r1');
      await synced.signal('retry', { by: 'Asha', reason: 'village added' });
      await synced.signal('failed', { ...failure(1), at: later(70) });
      await synced.signal('synced', { version: 'v1', stamp: AT, at: later(80) });
      expect((await synced.result()) as ErroredRecordResult).toEqual({
        v: 1,
        result: 'synced',
        resolvedBy: 'by hand',
        attempts: 1,
        decisions: [{ what: 'retry', at: expect.any(String), by: 'Asha', reason: 'village added' }],
      });
      const gone = await open('r2');
      await gone.signal('gone', { at: later(80) });
      expect(await gone.result()).toMatchObject({ result: 'gone', attempts: 1, decisions: [] });
    });
  });

  it('carries all of it over continue-as-new after many messages', async () => {
    await withRows(async ({ client, taskQueue, process, open, reaches }) => {
      const first = await open('r1');
      const { runId } = await first.describe();
      const child = (index: number) => ({ entityType: 'B', id: `c${index}`, version: 'v' });
      await first.signal('ignore', { reason: 'a test record' });
      for (let from = 0; from < 600; from += 50)
        await Promise.all(
          Array.from({ length: 50 }, async (_, index) => first.signal('waiting', { at: later(1), children: [child(from + index)] })),
        );
      const row = await reaches(first, 'all told', ({ waiting }) => waiting.length === 600);
      expect(row).toMatchObject({
        state: 'ignored',
        attempts: 1,
        failure: { error: { code: 'CodeMissing' } },
        decisions: [{ what: 'ignore' }],
      });
      const now = await first.describe();
      expect(now.runId).not.toBe(runId);
      expect(now.memo?.['row']).toMatchObject({ id: 'r1', waiting: 600, state: 'ignored' });
      expect(now.searchAttributes).toMatchObject({ IntegrationProcess: [process], EntityType: ['A'], ErrorType: ['CodeMissing'] });
      const metadata = await client.workflow
        .getHandle(rowId(process, 'A', 'r1'))
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toContain('a test record');
      expect(taskQueue).toBeTruthy();
    });
  });

  it('is retried by query, as an operator does it with the temporal command', async () => {
    await withRows(async ({ client, process, open, reaches }) => {
      const handles = [await open('r1', failure(1, null)), await open('r/2', failure(1, null))];
      const other = await open('r3', { ...failure(1, null), error: { ...classified, errorType: 'Other' } });
      const query = rowsQuery(process, 'A', 'CodeMissing');
      await until('listed', async () => (await client.workflow.count(query)).count === 2);
      const { path } = await findTemporal({ env: globalThis.process.env, log: () => undefined });
      const address = ['--address', globalThis.process.env['SANGAM_TEST_TEMPORAL'] ?? ''];
      await execa(path, ['workflow', 'signal', '--query', query, '--name', 'retry', '--reason', 'village added', '--yes', ...address]);
      for (const handle of handles) {
        const row = await reaches(handle, 'asked for', ({ decisions }) => decisions.length === 1);
        expect(row).toMatchObject({ state: 'failing', attempts: 0, retryAt: expect.any(String) });
        expect(row.ignoredMessage).toBeUndefined();
      }
      expect((await other.query<RowStatus>('status')).decisions).toEqual([]);
      const input = ['--input', '{"reason":"a test record","by":"Asha"}'];
      await execa(path, ['workflow', 'signal', '--query', query, '--name', 'ignore', ...input, '--yes', ...address]);
      for (const handle of handles) await reaches(handle, 'ignored', ({ state }) => state === 'ignored');
    });
  });

  it('outlives messages that Temporal would end it for: they change nothing, and are named', async () => {
    await withRows(async ({ open, reaches }) => {
      const handle = await open('r1');
      const newer = { ...failure(), version: 'v2', stamp: later(1) };
      for (const [what, error] of Object.entries({
        errorType: { ...classified, errorType: 'x'.repeat(3_000) },
        status: { ...classified, status: 'abc' },
        remedy: { ...classified, remedy: 'x'.repeat(100_000) },
      })) {
        await handle.signal('failed', { ...newer, error });
        const row = await reaches(handle, what, ({ ignoredMessage }) => ignoredMessage?.includes(what) === true);
        expect(row).toMatchObject({ failure: { version: 'v1', error: classified }, retryAt: later(60) });
      }
      await handle.signal('failed', newer);
      await reaches(handle, 'the next that is well', (row) => row.failure?.version === 'v2');
      await handle.signal('failed', { ...newer, version: 'v3', stamp: later(2), at: '0001-01-01T00:00:00.000Z', retryAt: later(0) });
      await reaches(handle, 'an odd time', (row) => row.failure?.version === 'v3');
      expect((await handle.describe()).status.name).toBe('RUNNING');
    });
  });

  it('needs a reason to be ignored: without one it is tried as before, and says how', async () => {
    await withRows(async ({ open, reaches }) => {
      const handle = await open('r1');
      for (const [index, without] of [undefined, null, {}, { by: 'Asha' }, { reason: '' }, { reason: '  ' }].entries()) {
        const other = await handle.query<RowStatus>('status');
        await (without === undefined ? handle.signal('ignore') : handle.signal('ignore', without));
        const row = await reaches(handle, `refusal ${index}`, (each) => each.ignoredMessage !== other.ignoredMessage);
        expect(row.ignoredMessage).toContain('ignore needs a reason: {"reason": "…", "by"?: "…"}');
        expect(row).toMatchObject({ state: 'failing', retryAt: later(60), decisions: [] });
      }
    });
  });

  it('stays open where it is cancelled, says what to do instead, and closes as ever', async () => {
    await withRows(async ({ client, open, reaches }) => {
      const handle = await open('r1', failure(1, null));
      await handle.cancel();
      const row = await reaches(handle, 'told', ({ ignoredMessage }) => ignoredMessage !== undefined);
      expect(row).toMatchObject({ state: 'failing', attempts: 1 });
      expect(row.ignoredMessage).toContain('signal ignore with a reason');
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toContain('cancel does not close a row');
      await handle.signal('retry', { by: 'Asha' });
      await reaches(handle, 'due', ({ decisions }) => decisions.length === 1);
      // Carried over continue-as-new, it can be cancelled once more: with no other end.
      const { runId } = await handle.describe();
      for (let from = 0; from < 500; from += 50)
        await Promise.all(Array.from({ length: 50 }, async () => handle.signal('waiting', { at: later(1), children: [] })));
      await until('the next run', async () => (await handle.describe()).runId !== runId);
      await handle.cancel();
      await until('in its history', async () => (await eventsOf(handle)).length > 4);
      expect((await reaches(handle, 'failing', ({ state }) => state === 'failing')).ignoredMessage).toContain('cancel');
      await client.workflow.getHandle(handle.workflowId).signal('synced', { version: 'v1', stamp: AT, at: later(9), looked: true });
      expect(await handle.result()).toMatchObject({ result: 'synced', decisions: [{ what: 'retry', by: 'Asha' }] });
    });
  });

  it('is told no more once it is closed: Temporal refuses', async () => {
    await withRows(async ({ open }) => {
      const handle = await open('r1');
      await handle.signal('gone', { at: later(5) });
      await handle.result();
      await expect(handle.signal('retry')).rejects.toBeInstanceOf(WorkflowNotFoundError);
    });
  });

  it('lives on through messages it does not understand, and says so', async () => {
    await withRows(async ({ open, reaches }) => {
      const handle = await open('r1');
      const before = await reaches(handle, 'failing', ({ state }) => state === 'failing');
      for (const name of ['failed', 'synced', 'gone', 'waiting', 'retry', 'ignore', 'odd'])
        for (const wrong of ['text', 5, [], { odd: { deep: true } }, { at: 'now', error: null, children: [null] }])
          await handle.signal(name, wrong);
      await handle.signal('ignore');
      const row = await reaches(handle, 'refused', ({ ignoredMessage }) => ignoredMessage?.includes('needs a reason') === true);
      const { ignoredMessage: _ignoredMessage, ...rest } = row;
      expect(rest).toEqual(before);
    });
  });

  it('refuses to be started by hand with nonsense', async () => {
    await withRows(async ({ client, taskQueue, process }) => {
      const good = { v: 1, process, entityType: 'A', id: 'x', at: AT };
      const wrong = [undefined, null, {}, { ...good, v: 2 }, { ...good, id: 5 }, { ...good, at: 'yesterday' }, { ...good, at: undefined }];
      for (const [index, input] of wrong.entries()) {
        const handle = await client.workflow.start('erroredRecord', { workflowId: `${process}/wrong/${index}`, taskQueue, args: [input] });
        await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
      }
    });
  });
});
