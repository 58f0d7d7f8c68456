import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { syncId } from '../../workflows/ids.js';
import { startBookmarks } from '../../workflows/start-bookmarks.js';
import type { ProcessInput } from '../../workflows/state.js';
import type { SavedBookmark } from '../model/bookmark.js';
import { describeWorkflow, listWorkflows } from './executions.js';
import { lastBegun } from './last-begun.js';
import { getOwn, setOwn } from '../model/keyed.js';
import { isName } from '../model/names.js';

/**
 * The bookmarks of a process from its memo, or its start input where it never ran, and from those
 * of the children of its last run, running or closed: the later one of each type counts. They make
 * the start input of a new run after the process was terminated. A start that was refused is passed
 * over where there was a run before. `entityTypes`: more types to ask the children of, where
 * Temporal does not list them yet.
 *
 * @throws Error where no such process is known.
 */
export async function readBookmarks(client: Client, process: string, entityTypes: string[]): Promise<Record<string, SavedBookmark>> {
  const own = memoIn((await lastBegun(client, process))?.run);
  if (!own) throw new Error(`No workflow "${process}" is known in this namespace.`);
  const bookmarks = { ...(own.bookmarks ?? (await givenTo(client, process, own.runId))) };
  for (const entityType of new Set([...Object.keys(bookmarks), ...(await listedTypes(client, process)), ...entityTypes])) {
    // A rewind in this run, which its child knows nothing of.
    if (own.rewound.includes(entityType)) continue;
    const child = memoIn(await describeWorkflow(client, syncId(process, entityType)));
    // What earlier runs' children got to is in the process' own memo already, or was taken back by
    // a rewind or a start anew.
    if (!child || child.started < own.started) continue;
    const [theirs, known] = [getOwn(child.bookmarks, entityType), getOwn(bookmarks, entityType)];
    if (theirs && (!known || isLater(theirs, known))) setOwn(bookmarks, entityType, theirs);
  }
  return bookmarks;
}

/** In the middle of a first load only the child's own memo knows its type. */
async function listedTypes(client: Client, process: string): Promise<string[]> {
  const types: string[] = [];
  const prefix = syncId(process, '');
  for await (const { workflowId } of listWorkflows(client, `WorkflowType = 'entitySync' AND WorkflowId STARTS_WITH '${prefix}'`))
    types.push(workflowId.slice(prefix.length));
  return types;
}

function isLater(a: SavedBookmark, b: SavedBookmark): boolean {
  return a.at > b.at || (a.at === b.at && a.place !== undefined && b.place === undefined);
}

interface Memo {
  bookmarks: Record<string, SavedBookmark> | undefined;
  rewound: string[];
  started: Date;
  runId: string;
}

function memoIn(run: WorkflowExecutionInfo | undefined): Memo | undefined {
  if (!run) return undefined;
  const { memo, startTime: started, runId } = run;
  const { bookmarks, rewound } = memo ?? {};
  const names = Array.isArray(rewound) ? rewound.filter(isName) : [];
  return { bookmarks: bookmarks === undefined ? undefined : startBookmarks(bookmarks), rewound: names, started, runId };
}

/**
 * What a run was started with: it puts that into its memo itself, which one that no worker took up
 * before it was terminated did not.
 */
async function givenTo(client: Client, workflowId: string, runId: string): Promise<Record<string, SavedBookmark>> {
  const { namespace, loadedDataConverter } = client.options;
  const execution = { workflowId, runId };
  const { history } = await client.workflowService.getWorkflowExecutionHistory({ namespace, execution, maximumPageSize: 1 });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const input = await decodeFromPayloadsAtIndex<Partial<ProcessInput> | undefined>(loadedDataConverter, 0, payloads).catch(() => undefined);
  return startBookmarks(input?.bookmarks);
}
