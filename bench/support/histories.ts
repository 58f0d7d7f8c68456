import type { Client, WorkflowExecutionInfo } from '@temporalio/client';

/** One closed run of a process, with all that its other workflows did meanwhile. */
export interface Run {
  /** Entity types that were synced. */
  types: number;
  events: number;
  /** Of the run alone. */
  bytes: number;
  /** Timers: of a run of idle cycles, how many those were. */
  timers: number;
}

/** The closed runs of a process, oldest first, as far as they are listed yet. */
export async function runsOf(client: Client, process: string): Promise<Run[]> {
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
      const handle = client.workflow.getHandle(run.workflowId, run.runId);
      const { events: own } = await handle.fetchHistory();
      const beside = others.reduce((sum, { times }) => sum + times.filter(within).length, 0);
      return {
        types: others.filter(({ type, startTime }) => type === 'entitySync' && within(startTime.getTime())).length,
        events: (own?.length ?? 0) + beside,
        bytes: (await handle.describe()).historySize ?? 0,
        timers: (own ?? []).filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes).length,
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
