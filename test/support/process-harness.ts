import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Activities, Plan, PlannedType, WritingActivities } from '../../workflows/contracts.js';
import { emptySheet } from '../../src/model/sheet.js';
import type { ProcessInput } from '../../workflows/state.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { until } from './until.js';
import type { SyncResult } from '../../src/model/progress.js';

export const timing = {
  heartbeatTimeout: 2_000,
  retryInterval: 200,
  activityTimeout: 60_000,
  backoffFirst: 100,
  backoffLongest: 500,
  turn: 60_000,
};

/** A plan for these types, each due with changes, unless told otherwise. */
export function planOf(types: (Partial<PlannedType> & { entityType: string })[], every = 3_600_000): Plan {
  const now = new Date().toISOString();
  const next = new Date(Date.now() + every).toISOString();
  return {
    digest: 'd1',
    timing,
    errors: { due: false, nextDue: next },
    rows: { open: {}, dueAtOnce: 0 },
    types: types.map((type) => ({
      dependsOn: [],
      bookmark: null,
      systems: 'a+b',
      overlap: 1000,
      due: true,
      nextDue: next,
      horizon: now,
      hasChanges: true,
      ...type,
    })),
  };
}

/** A sync that got to the horizon with `read` records created. */
export function synced(at: string, read = 1): SyncResult {
  return { bookmark: { v: 1, at }, sheet: { ...emptySheet, read, created: read }, findings: {}, done: true };
}

export interface Harness {
  client: Client;
  process: string;
  start(input?: Partial<ProcessInput>): Promise<WorkflowHandleWithFirstExecutionRunId>;
  status(): Promise<ProcessStatus>;
  /** Waits until the status fits. */
  reaches(what: string, fits: (status: ProcessStatus) => boolean): Promise<ProcessStatus>;
  taskQueue: string;
}

// Nothing of it between the results: of what a test kills on purpose the SDK warns.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});

let count = 0;

/**
 * Runs real workflows on the dev server over the activities given, with a process of its own name;
 * whatever still runs afterwards is terminated.
 */
export async function withProcess(
  activities: Activities & Partial<WritingActivities>,
  work: (harness: Harness) => Promise<void>,
): Promise<void> {
  const address = process.env['SANGAM_TEST_TEMPORAL'] ?? '';
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  const taskQueue = `test-${process.pid}-${Date.now()}-${++count}`;
  const id = `${taskQueue}/process`;
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: { codePath: process.env['SANGAM_TEST_BUNDLE'] ?? '' },
    activities,
    maxHeartbeatThrottleInterval: '200 ms',
    defaultHeartbeatThrottleInterval: '200 ms',
    shutdownGraceTime: '10 ms',
  });
  const status = (): Promise<ProcessStatus> => client.workflow.getHandle(id).query<ProcessStatus>('status');
  const reaching = <S>(what: string, ask: () => Promise<S>, fits: (status: S) => boolean): Promise<S> =>
    until(what, () =>
      ask()
        .then((each) => fits(each) && each)
        .catch(() => undefined),
    );
  const harness: Harness = {
    client,
    process: id,
    taskQueue,
    status,
    start: (input = {}) => client.workflow.start('integrationProcess', { workflowId: id, taskQueue, args: [{ process: id, ...input }] }),
    reaches: (what, fits) => reaching(what, status, fits),
  };
  try {
    await worker.runUntil(async () => {
      try {
        await work(harness);
      } finally {
        for await (const { workflowId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'` }))
          await client.workflow
            .getHandle(workflowId)
            .terminate('test over')
            .catch(() => undefined);
      }
    });
  } finally {
    await connection.close();
    await native.close();
  }
}
