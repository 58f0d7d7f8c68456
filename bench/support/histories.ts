import type { Client, WorkflowExecutionInfo } from '@temporalio/client';

/** One closed run of a regular process, with all that its other workflows did meanwhile. */
export interface Cycle {
  /** Entity types that were synced. */
  types: number;
  events: number;
}

/** The closed cycles of a process, oldest first, as far as they are listed yet. */
export async function cyclesOf(client: Client, process: string): Promise<Cycle[]> {
  const all = await listed(client, process);
  const closed = all.filter(({ type, closeTime }) => type === 'integrationProcess' && closeTime !== undefined);
  closed.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  const others = await Promise.all(
    all.filter(({ type }) => type !== 'integrationProcess').map(async (each) => ({ ...each, times: await timesOf(client, each) })),
  );
  return Promise.all(
    closed.map(async (run) => {
      const [from, to] = [run.startTime.getTime(), run.closeTime?.getTime() ?? 0];
      const within = (time: number): boolean => time >= from && time < to;
      const beside = others.reduce((sum, { times }) => sum + times.filter(within).length, 0);
      return {
        types: others.filter(({ type, startTime }) => type === 'entitySync' && within(startTime.getTime())).length,
        events: (await timesOf(client, run)).length + beside,
      };
    }),
  );
}

export interface SyncHistory {
  activities: number;
  events: number;
  bytes: number;
}

/** What the run of one entity type put into its history. */
export async function syncHistoryOf(client: Client, workflowId: string): Promise<SyncHistory> {
  const handle = client.workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const { historySize = 0 } = await handle.describe();
  const activities = (events ?? []).filter(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes);
  return { activities: activities.length, events: events?.length ?? 0, bytes: historySize };
}

/** Seconds that a closed run took. */
export async function secondsOf(client: Client, workflowId: string): Promise<number> {
  const { startTime, closeTime } = await client.workflow.getHandle(workflowId).describe();
  if (!closeTime) throw new Error(`${workflowId} still runs`);
  return (closeTime.getTime() - startTime.getTime()) / 1000;
}

async function listed(client: Client, process: string): Promise<WorkflowExecutionInfo[]> {
  const all: WorkflowExecutionInfo[] = [];
  for await (const each of client.workflow.list({ query: `IntegrationProcess="${process}"` })) all.push(each);
  return all;
}

/** When each event of a run was, in milliseconds since the epoch. */
async function timesOf(client: Client, { workflowId, runId }: WorkflowExecutionInfo): Promise<number[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).map(({ eventTime }) => Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6);
}
