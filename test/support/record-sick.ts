import { withProcess } from './process-harness.js';
import type { Save } from './record-processes.js';
import { sickActivities, tiredActivities } from './sick-activities.js';

/**
 * Records cycles in which a system is down, in which one type is refused, and in which two always
 * find a system unavailable.
 */
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
      await save(client.workflow.getHandle(process, first.firstExecutionRunId), name);
    });
  }
  const longDown = { ...stops['a-system-is-down'], retryAfter: 600_000 };
  await withProcess(sickActivities(() => longDown).activities, async ({ start, reaches, client, process }) => {
    await start();
    await reaches('it looked at its definition', ({ cycle }) => cycle > 2);
    await save(client.workflow.getHandle(process), 'looks-at-its-definition-while-it-rests');
  });
  await withProcess(tiredActivities().activities, async ({ start, reaches, client, process }) => {
    await start();
    await reaches('the turn of C', ({ types, nextRun }) => types['C']?.lastDone !== undefined && nextRun !== undefined);
    await save(client.workflow.getHandle(process), 'gives-types-their-turn');
  });
}
