import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { rowId } from '../../src/temporal/rows/row-id.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { classified } from '../errored/support.js';
import { idle } from '../support/fake-activities.js';
import { healed, retryUntilCancelled, retrying, rowsOf } from '../support/fake-retries.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

// What is carried from run to run is in every installation: a release reads what any earlier one left. These shapes are final; a change is a new `v`.

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

  it('by an error process is final: in the middle of a pass, paused twice over, and after one', async () => {
    const rows = rowsOf('1', '2');
    const stop = { code: 'Defect', message: 'm', remedy: 'r', needs: 'person' } as const;
    let calls = 0;
    const answers = [
      healed,
      async () => retryUntilCancelled(1),
      healed,
      () => ({ sheet: { tried: 0, healed: 0, failing: 0, gone: 0, released: 0 }, done: 0, stopped: stop }),
    ];
    const open = { A: { errored: { CodeMissing: 2 }, ignored: 1, waiting: 3 } };
    const { activities } = retrying({
      open: { A: rowsOf('0'), B: rows, C: rowsOf('5') },
      answer: (input) => (answers[calls++] ?? healed)(input),
      plan: { open, definitionProblem: 'line 3' },
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach, process }) => {
      const handle = await startErrors();
      expect(await inputOf(handle)).toEqual({ process });
      await errorsReach('running', (s) => s.child?.endsWith('/B') === true && calls === 2);
      await handle.signal('pause', { reson: 'typo' });
      await handle.signal('pause', { reason: 'EMR upgrade', by: 'Asha', until: '2999-01-01T00:00:00Z' });
      await handle.signal('follow', { since: AT, reason: 'theirs' });
      await errorsReach('paused', (s) => s.state === 'paused');
      const one = { tried: 1, healed: 1, failing: 0, gone: 0, released: 0 };
      const common = {
        v: 1,
        asked: true,
        digest: 'd1',
        open,
        definitionProblem: 'line 3',
        ignored: expect.stringContaining('reson'),
        lastLook: instant,
      };
      const pass = { began: instant, done: ['A'], after: { B: rows[0] }, sheets: { A: one, B: one } };
      expect(await inputOf(handle)).toEqual({
        process,
        state: {
          ...common,
          cycle: 2,
          state: 'running',
          since: instant,
          pause: { since: instant, reason: 'EMR upgrade', by: 'Asha', until: '2999-01-01T00:00:00.000Z' },
          followed: { since: AT, reason: 'theirs' },
          runNow: true,
          failures: 0,
          pass,
          stopped: {},
        },
      });
      expect((await handle.describe()).memo).toEqual({ pass });
      const { runId } = await handle.describe();
      await handle.signal('resume');
      await errorsReach('stopped', (s) => s.state === 'stopped');
      await handle.signal('runNow');
      await nextRun(handle, runId);
      const { ignored: _ignored, ...kept } = common;
      expect(await inputOf(handle)).toEqual({
        process,
        state: {
          ...kept,
          cycle: 3,
          state: 'stopped',
          since: instant,
          runNow: true,
          failures: 0,
          lastPass: {
            began: instant,
            ended: instant,
            sheets: { A: one, B: { ...one, tried: 2, healed: 2 }, C: { ...one, tried: 0, healed: 0 } },
          },
          stopped: { C: stop },
        },
      });
    });
  });
});
