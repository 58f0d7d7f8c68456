import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import pLimit from 'p-limit';
import { TASK_QUEUE } from '../../workflows/ids.js';
import type { SavedBookmark } from '../model/bookmark.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { isProcessId } from '../../workflows/ids.js';
import { sheetSchema } from '../model/schemas.js';
import { addSheets, emptySheet, type Sheet } from '../model/sheet.js';
import { listWorkflows } from './executions.js';
import { askStatus } from './ask.js';
import { lastBegun } from './last-begun.js';
import { pendingOf, type Pending } from './pending.js';
import { readBookmarks } from './read-bookmarks.js';
import { OPEN } from './rows/list-rows.js';
import { failureOf, taskFailure } from './why-failed.js';
import { getOwn } from '../model/keyed.js';

/** Processes read side by side: where no worker answers, each takes its time. */
const AT_ONCE = 32;

/**
 * A process' own status, and what only its running activity knows; the counts of its types have
 * what that has counted so far.
 */
export interface LiveStatus extends ProcessStatus, Pending {}

/**
 * Ids of the processes that run in this namespace, or, by `ended too`, were terminated or failed.
 */
export async function listProcesses(client: Client, how: 'running' | 'ended too'): Promise<string[]> {
  const ids = new Set<string>();
  const ended = how === 'running' ? [] : ['Terminated', 'Failed', 'TimedOut'];
  const statuses = [OPEN, ...ended.map((status) => `ExecutionStatus = '${status}'`)].join(' OR ');
  for await (const { workflowId } of listWorkflows(client, `WorkflowType = 'integrationProcess' AND (${statuses})`))
    if (isProcessId(workflowId)) ids.add(workflowId);
  return [...ids].sort();
}

/** What is known of a process that does not say how it stands. */
export interface NoStatus {
  process: string;
  /** Why, and what to do, in words. */
  noStatus: string;
  /** It does not run any more, or was paused at Temporal itself. */
  ended?: true;
  /** Where it got to, by its memo. */
  bookmarks: Record<string, SavedBookmark>;
}

/** @throws Error in words where the process is not known. */
export async function readStatus(client: Client, process: string): Promise<LiveStatus | NoStatus> {
  const found = await described(client, process);
  const { type, status: closed, taskQueue } = found;
  if (type !== 'integrationProcess') throw new Error(`"${process}" is no integration process: it is a workflow of type ${type}.`);
  // One that ended by itself, or was cancelled, still tells how; of one that was ended otherwise
  // its own words would be old.
  const tells = ['RUNNING', 'COMPLETED', 'CANCELLED'].includes(closed.name);
  const status = tells ? await askStatus<ProcessStatus>(client, process) : 'silent';
  if (typeof status === 'string') {
    const noStatus = closed.name === 'RUNNING' ? whySilent(client, process, taskQueue) : whyNot(client, process, found);
    const ended = closed.name === 'RUNNING' ? {} : { ended: true as const };
    return { process, noStatus: await noStatus, ...ended, bookmarks: await readBookmarks(client, process, []) };
  }
  return { ...status, ...(status.child === undefined ? pendingOf(found, Date.now()) : await ofChild(client, status, status.child)) };
}

/**
 * The same of several, side by side: one that cannot be read is shown as such, beside the others.
 */
export function readStatuses(client: Client, processes: string[]): Promise<(LiveStatus | NoStatus)[]> {
  const limit = pLimit(AT_ONCE);
  const read = (process: string): Promise<LiveStatus | NoStatus> =>
    readStatus(client, process).catch((error: unknown) => ({
      process,
      noStatus: `It cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      bookmarks: {},
    }));
  return Promise.all(processes.map((process) => limit(() => read(process))));
}

async function described(client: Client, process: string): Promise<WorkflowExecutionDescription> {
  try {
    return await client.workflow.getHandle(process).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new Error(`No process "${process}" runs in this namespace.`, { cause: error });
    throw error;
  }
}

async function whySilent(client: Client, process: string, taskQueue: string): Promise<string> {
  const fails = await taskFailure(client, process);
  if (fails !== undefined)
    return `It runs, and cannot go on: ${fails} It is tried again by itself; a worker of the release it began with, or a newer one, may be needed.`;
  const queue = taskQueue === TASK_QUEUE ? '' : ` --task-queue ${taskQueue}`;
  return `It runs, and no worker answers for it: none polls the task queue ${taskQueue}, or those that do are busy. Start one with: npx sangam worker${queue}`;
}

async function endedText(client: Client, process: string, how: string): Promise<string> {
  const words: Record<string, string> = {
    TERMINATED: 'was terminated',
    FAILED: 'failed',
    TIMED_OUT: 'timed out',
    CANCELLED: 'was cancelled',
  };
  const why = how === 'FAILED' ? await failureOf(client, process) : undefined;
  const begun = how === 'FAILED' ? await lastBegun(client, process) : undefined;
  if (begun?.refused === true)
    return `It does not run: its start was refused. ${why ?? ''} ${begun.began ? `The start input with which the run before goes on where it was: npx sangam bookmarks ${process}` : 'Start it again with an input that is right.'}`;
  return `It does not run: it ${getOwn(words, how) ?? 'has ended'}.${why !== undefined ? ` ${why}` : ''} The start input with which it goes on where it was: npx sangam bookmarks ${process}`;
}

/**
 * What the child that runs knows: its memo has what earlier activities of its turn counted, the
 * heartbeat the rest.
 */
async function ofChild(client: Client, { types }: ProcessStatus, child: string): Promise<Pending & Partial<Pick<ProcessStatus, 'types'>>> {
  const found = await client.workflow
    .getHandle(child)
    .describe()
    .catch(() => undefined);
  if (!found) return {};
  const pending = pendingOf(found, Date.now());
  const name = Object.keys(types).find((each) => child.endsWith(`/sync/${each}`));
  const type = name === undefined ? undefined : getOwn(types, name);
  if (name === undefined || !type) return pending;
  const counted = [type.total, sheetSchema().safeParse(found.memo?.['sheet']).data, pending.live?.sheet];
  const total = counted.reduce<Sheet>((sum, sheet) => (sheet ? addSheets(sum, sheet) : sum), emptySheet);
  const bookmark = pending.live?.bookmark ?? type.bookmark;
  return { ...pending, types: { ...types, [name]: { ...type, total, ...(bookmark ? { bookmark } : {}) } } };
}

/** Why a process that is there says nothing of itself. */
async function whyNot(client: Client, process: string, { status, raw }: WorkflowExecutionDescription): Promise<string> {
  if (status.name !== 'PAUSED') return endedText(client, process, status.name);
  const { reason, identity } = raw.workflowExtendedInfo?.pauseInfo ?? {};
  const by = [identity && `by ${identity}`, reason && `because: ${reason}`].filter(Boolean).join(', ');
  return `It was paused at Temporal itself${by === '' ? '' : ` ${by}`}, not by a signal: it does nothing until that is undone there (by the Web UI or Temporal’s CLI).`;
}
