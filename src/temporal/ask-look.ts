import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { TASK_QUEUE } from '../../workflows/ids.js';
import { describeWorkflow, isOpen } from './executions.js';

/** How long a worker has to take the request. */
const PATIENCE = 10_000;
/** Events of a workflow that no worker has taken up. */
const UNTAKEN = 2;

/** A workflow that looks and writes nothing, started for its answer alone. */
export interface Look {
  /** Its type, which stands in its id. */
  type: string;
  process: string;
  input: object;
  taskQueue?: string;
  /** Milliseconds after which Temporal ends it. */
  limit: number;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Runs a look and waits for its answer. `silent`: no worker took it in time, and it was ended. It
 * goes to the task queue of its process, where that runs.
 *
 * @throws Error in words where it failed or was ended.
 */
export async function askLook<T>(client: Client, look: Look): Promise<T | 'silent'> {
  const { type, process, input, limit, signal } = look;
  const handle = await client.workflow.start(type, {
    workflowId: `${process}/${type}/${randomUUID()}`,
    taskQueue: look.taskQueue ?? (await taskQueueOf(client, process)) ?? TASK_QUEUE,
    args: [input],
    workflowExecutionTimeout: limit,
  });
  const end = (): void => void handle.cancel().catch(() => undefined);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const answer = handle.result() as Promise<T>;
    if (!(await isTaken(handle, answer))) {
      await handle.terminate('No worker took it').catch(() => undefined);
      return 'silent';
    }
    return await answer;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (signal.aborted) throw new Error('Ended before it was done; nothing was written.', { cause: error });
    throw new Error(`It failed: ${deepest(error).message}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', end);
  }
}

async function taskQueueOf(client: Client, process: string): Promise<string | undefined> {
  const found = await describeWorkflow(client, process);
  return found && isOpen(found) ? found.taskQueue : undefined;
}

async function isTaken(handle: WorkflowHandle, answer: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const answered = answer.then(
    () => true,
    () => true,
  );
  const looked = pause(PATIENCE, undefined, { signal: over.signal }).then(
    async () => (await handle.describe()).historyLength > UNTAKEN,
    () => true,
  );
  try {
    return await Promise.race([answered, looked]);
  } finally {
    over.abort();
  }
}

function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
