import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { idle } from './fake-activities.js';
import { healed, retrying, rowsOf } from './fake-retries.js';
import { withProcess } from './process-harness.js';
import { sickActivities } from './sick-activities.js';

type Save = (handle: WorkflowHandle, name: string) => Promise<void>;

/** Records an error process that is resumed after too many failures, and one whose child was terminated; and a process that looks at its definition while it rests. */
export async function recordAccepted(save: Save): Promise<void> {
  const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' } as const;
  const failing = retrying({
    open: { A: rowsOf('1') },
    answer: (batch) => ({ ...healed(batch), failing: { consecutive: 3, recent: 'xxx' }, stopped: stop }),
  });
  await withProcess({ ...idle, ...failing.activities }, async ({ client, process, startErrors, errorsReach }) => {
    const errors = await startErrors();
    await errorsReach('stopped', ({ state, nextRun }) => state === 'stopped' && nextRun !== undefined);
    await errors.signal('resume');
    await errorsReach('its next cycle', ({ cycle }) => cycle > 1);
    await save(client.workflow.getHandle(`${process}/errors`, errors.firstExecutionRunId), 'errors-resumed-after-too-many');
  });
  const again = retrying({ open: { A: rowsOf('1') }, answer: (batch) => ({ ...healed(batch), stopped: stop }) });
  await withProcess({ ...idle, ...again.activities }, async ({ client, process, startErrors, errorsReach }) => {
    const errors = await startErrors();
    await errorsReach('stopped', ({ state, nextRun }) => state === 'stopped' && nextRun !== undefined);
    await errors.signal('follow', { since: '2026-01-01T00:00:00.000Z' });
    await errorsReach('paused', ({ state }) => state === 'paused');
    await errors.signal('follow', null);
    await errorsReach('stopped still', ({ state, nextRun }) => state === 'stopped' && nextRun !== undefined);
    await save(client.workflow.getHandle(`${process}/errors`), 'errors-stopped-over-a-pause');
  });
  let tries = 0;
  const lost = retrying({
    open: { A: rowsOf('1') },
    answer: () => {
      tries += 1;
      throw ApplicationFailure.create({ type: 'WorkerLost', message: 'lost', nextRetryDelay: '1 hour' });
    },
  });
  await withProcess({ ...idle, ...lost.activities }, async ({ client, process, startErrors, errorsReach }) => {
    await startErrors();
    await errorsReach('a lost try', () => tries === 1);
    await client.workflow.getHandle(`${process}/errors/A`).terminate('by hand');
    await errorsReach('it says so', ({ failure, nextRun }) => failure?.code === 'ChildFailed' && nextRun !== undefined);
    await save(client.workflow.getHandle(`${process}/errors`), 'errors-child-terminated');
  });
  const down = { code: 'RateLimited', message: 'm', remedy: 'r', needs: 'system', system: 'emr', retryAfter: 600_000 } as const;
  await withProcess(sickActivities(() => down).activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('its second cycle', ({ cycle }) => cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'process-glances-while-resting');
  });
}
