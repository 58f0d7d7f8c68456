import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '../../workflows/ids.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { until } from './until.js';

/** Starts the process `flat` of each of these integrations. */
export async function startAll(client: Client, names: string[]): Promise<void> {
  for (const name of names) {
    const process = `${name}/flat`;
    await client.workflow.start('integrationProcess', { workflowId: process, taskQueue: TASK_QUEUE, args: [{ process }] });
  }
}

/** Waits until the status of an integration's process fits. */
export async function reaches(client: Client, name: string, fits: (status: ProcessStatus) => boolean): Promise<void> {
  const handle = client.workflow.getHandle(`${name}/flat`);
  const asked = async (): Promise<true | undefined> => {
    const status = await handle.query<ProcessStatus>('status').catch(() => undefined);
    return status && fits(status) ? true : undefined;
  };
  await until(`${name} is so far`, asked, 300, 250);
}

/** Whether all has been read, and it rests. */
export function isThrough({ state, types }: ProcessStatus): boolean {
  return state === 'idle' && types['Person']?.lastDone !== undefined;
}
