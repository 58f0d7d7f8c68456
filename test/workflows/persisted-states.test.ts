import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { emptySheet } from '../../src/model/sheet.js';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { classified } from '../errored/support.js';
import { idle } from '../support/fake-activities.js';
import { retrying, untilCancelled } from '../support/fake-retries.js';
import { synced, timing, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

// What is carried from run to run is in every installation: a release reads what any earlier one
// left. These shapes are final; a change is a new `v`.

const AT = '2026-01-01T00:00:00.000Z';
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown as string;

/** What a run was started with: by hand, or by the run before. */
async function inputOf(handle: WorkflowHandle): Promise<unknown> {
  const { events } = await handle.fetchHistory();
  return defaultPayloadConverter.fromPayload(events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0] ?? {});
}

async function nextRun(handle: WorkflowHandle, runId: string): Promise<void> {
  await until('the next run', async () => (await handle.describe()).runId !== runId);
}

describe('what is carried from run to run', () => {
  it('by an errored record is final', async () => {
    await withProcess(idle, async ({ client, process, taskQueue }) => {
      const error = { ...classified, status: 422, path: 'Patient.gender', expression: '$code("gender", x)', kept: { village: 'Ward 3' } };
      const failure = { version: 'v2', stamp: AT, digest: 'd', error };
      const row = { process, entityType: 'A', id: 'r1' };
      await sendToRow(
        { client, taskQueue },
        { ...row, host: 'avni', clockBound: 5_000 },
        { kind: 'failed', ...failure, at: AT, attempt: 1, retryAt: AT, link: 'https://avni/r1' },
      );
      const handle = client.workflow.getHandle(rowId(process, 'A', 'r1'));
      expect(await inputOf(handle)).toEqual({ v: 1, ...row, at: AT, host: 'avni', clockBound: 5_000 });
      const { runId } = await handle.describe();
      await handle.signal('synced', { version: 'v1', stamp: '2025-01-01T00:00:00.000Z', at: AT });
      await handle.signal('ignore');
      await handle.signal('retry', { by: 'Asha', reason: 'village added' });
      await handle.signal('failed', { ...failure, at: AT, attempt: 1, retryAt: AT });
      const child = { entityType: 'B', id: 'c1', version: 'v' };
      for (let sent = 0; sent < 500; sent += 50)
        await Promise.all(Array.from({ length: 50 }, async () => handle.signal('waiting', { at: AT, children: [child] })));
      await nextRun(handle, runId);
      expect(await inputOf(handle)).toEqual({
        v: 1,
        ...row,
        at: AT,
        host: 'avni',
        clockBound: 5_000,
        state: {
          v: 1,
          ...row,
          state: 'failing',
          failure,
          attempts: 1,
          firstFailedAt: AT,
          lastFailedAt: AT,
          retryAt: AT,
          waiting: [child],
          decisions: [{ what: 'retry', at: instant, by: 'Asha', reason: 'village added' }],
          link: 'https://avni/r1',
          ignoredMessage: expect.stringContaining('ignore needs a reason'),
        },
      });
      expect((await handle.describe()).memo).toEqual({
        row: {
          id: 'r1',
          state: 'failing',
          version: 'v2',
          stamp: AT,
          attempts: 1,
          errorType: 'CodeMissing',
          mapping: false,
          digest: 'd',
          waiting: 1,
          firstFailedAt: AT,
          retryAt: AT,
        },
      });
    });
  });

  it('by a process is final: in the middle of a pass, paused, and after one', async () => {
    let calls = 0;
    const stop = { code: 'Defect', message: 'm', remedy: 'r', needs: 'person' } as const;
    const { activities } = retrying({
      open: { A: ['0', '1'], B: ['2'] },
      types: [{ entityType: 'T' }],
      plan: () => ({ definitionProblem: 'line 3' }),
      sync: async ({ until: horizon }) => ({ ...synced(horizon), failing: { consecutive: 0, recent: '.' } }),
      answer: async (_input, heal) => {
        calls += 1;
        if (calls > 1) return { ...heal(), stopped: { B: stop } };
        await untilCancelled();
        return { ...heal(1), done: false, cancelled: true };
      },
    });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      const handle = await start();
      expect(await inputOf(handle)).toEqual({ process });
      await reaches('running', (s) => s.errors.state === 'running' && calls === 1);
      await handle.signal('pause', { reson: 'typo' });
      await handle.signal('pause', { reason: 'EMR upgrade', by: 'Asha', until: '2999-01-01T00:00:00Z' });
      await nextRun(client.workflow.getHandle(process), handle.firstExecutionRunId);
      const one = { tried: 1, healed: 1, failing: 0, gone: 0, released: 0 };
      const sheet = { ...emptySheet, read: 1, created: 1 };
      const open = (counts: object): object =>
        Object.fromEntries(Object.entries(counts).map(([name, X]) => [name, { errored: { X }, ignored: 0, waiting: 0 }]));
      const common = { v: 1, began: instant, since: instant, failures: 0, digest: 'd1', definitionProblem: 'line 3', timing };
      const types = {
        T: {
          bookmark: { v: 1, at: instant, systems: 'a+b' },
          lastDone: instant,
          lastSheet: sheet,
          total: sheet,
          failing: { consecutive: 0, recent: '.' },
        },
      };
      const latest = client.workflow.getHandle(process);
      const pass = { began: instant, place: { entityType: 'A', after: { id: '0', firstFailedAt: AT } }, sheets: { A: one } };
      expect(await inputOf(latest)).toEqual({
        process,
        state: {
          ...common,
          cycle: 2,
          state: 'running',
          pause: { since: instant, reason: 'EMR upgrade', by: 'Asha', until: '2999-01-01T00:00:00.000Z' },
          ignored: expect.stringContaining('reson'),
          goOn: true,
          types,
          rows: { open: open({ A: 1, B: 1 }), dueAtOnce: 0, nextRetryAt: AT, listedAt: instant },
          errors: { pass, stopped: {}, failures: 0, lastLook: instant },
        },
      });
      expect((await latest.describe()).memo).toMatchObject({ bookmarks: { T: types.T.bookmark } });
      const { runId } = await latest.describe();
      await latest.signal('resume');
      await reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      await latest.signal('runNow', { errors: true });
      await nextRun(latest, runId);
      expect(await inputOf(latest)).toMatchObject({
        process,
        state: {
          ...common,
          state: 'stopped',
          types: { T: { bookmark: types.T.bookmark, lastDone: instant, total: { read: 2, created: 2 } } },
          rows: { open: {}, dueAtOnce: 0 },
          errors: {
            lastPass: { began: instant, ended: instant, sheets: { A: { ...one, tried: 2, healed: 2 }, B: one } },
            stopped: { B: stop },
            failures: 0,
            lastLook: instant,
          },
        },
      });
    });
  });
});
