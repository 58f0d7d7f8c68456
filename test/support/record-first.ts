import type { WorkflowHandle } from '@temporalio/client';
import { idle } from './fake-activities.js';
import { planOf, withProcess } from './process-harness.js';

/** Records the first cycle of a process whose plan started its error process. */
export async function recordFirst(save: (handle: WorkflowHandle, name: string) => Promise<void>): Promise<void> {
  const plan = { ...planOf([{ entityType: 'A', hasChanges: false }]), errorsStarted: true as const };
  await withProcess({ ...idle, planCycle: async () => ({ kind: 'plan', plan }) }, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('idle', (s) => s.types['A'] !== undefined && s.state === 'idle');
    await first.signal('runNow');
    await reaches('the second cycle', (s) => s.cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'process-starts-its-error-process');
  });
}
