import type { WorkflowHandle } from '@temporalio/client';
import { withProcess } from './process-harness.js';
import { sickActivities, tiredActivities } from './sick-activities.js';

type Save = (handle: WorkflowHandle, name: string) => Promise<void>;

/** Records cycles in which a system is down, in which one type is refused, and in which two always find a system unavailable. */
export async function recordSick(save: Save): Promise<void> {
  const stops = {
    'a-system-is-down': { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' },
    'a-type-is-refused': { code: 'Forbidden', message: 'm', remedy: 'r', needs: 'person', byItself: true, system: 'avni' },
    'a-type-is-unavailable': { code: 'Unavailable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' },
  } as const;
  for (const [name, stop] of Object.entries(stops)) {
    const { activities } = sickActivities(() => stop);
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const first = await start();
      await reaches('its second cycle', (s) => s.cycle > 1 && (s.types['A']?.failures ?? 0) > 1);
      await save(client.workflow.getHandle(process, first.firstExecutionRunId), `process-${name}`);
    });
  }
  await withProcess(tiredActivities().activities, async ({ start, reaches, client, process }) => {
    await start();
    await reaches('the turn of C', ({ types, nextRun }) => types['C']?.lastDone !== undefined && nextRun !== undefined);
    await save(client.workflow.getHandle(process), 'process-gives-types-their-turn');
  });
}
