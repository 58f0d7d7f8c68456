import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../../activities/create-activities.js';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import { bundleWorkflows } from './build-bundle.js';
import { containErrors } from './contain-errors.js';

export interface CreateWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  /** As Temporal shows it. */
  identity?: string;
  dependencies: ActivityDependencies;
  /** File of the prebuilt workflow bundle; found beside the compiled code where it is not given. */
  bundle?: string;
}

/** A worker with explicit limits, for a few hundred processes. */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const { connection, namespace, taskQueue, dependencies } = options;
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    ...(options.identity !== undefined ? { identity: options.identity } : {}),
    workflowBundle: await workflowBundle(options.bundle),
    activities: createActivities(dependencies),
    interceptors: { activity: [containErrors(dependencies.log)] },
    // What merely waits for a system costs nothing: how many work at once, `Slots` says.
    maxConcurrentActivityTaskExecutions: 200,
    // A plan is made within a workflow task where its systems answer within a second.
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 40,
    // Idle processes sleep on timers; what falls out of the cache is replayed from its short
    // history.
    maxCachedWorkflows: 200,
    // Where a worker was killed, its workflows go on at another one after so long.
    stickyQueueScheduleToStartTimeout: '3 s',
    // Cancellation (pause) reaches an activity only with a heartbeat that is sent.
    maxHeartbeatThrottleInterval: '500 ms',
    defaultHeartbeatThrottleInterval: '500 ms',
    // Cancel at once: pages are resumable, and writes in flight are waited for below the force
    // time.
    shutdownGraceTime: '10 ms',
    shutdownForceTime: '2 minutes',
  });
}

/** The prebuilt bundle, or one built now: the same. */
async function workflowBundle(bundle: string | undefined): Promise<WorkflowBundleOption> {
  const codePath = bundle ?? fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  return existsSync(codePath) ? { codePath } : { code: await bundleWorkflows() };
}
