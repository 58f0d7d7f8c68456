import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { syncId } from '../../workflows/ids.js';
import type { SavedBookmark } from '../../workflows/state.js';

/**
 * The bookmarks of a process from its memo and those of the children that sync its entity types, running or closed: the later one of each
 * type counts. They make the start input of a new run after the process was terminated.
 *
 * @throws Error where no such process is known.
 */
export async function readBookmarks(client: Client, process: string, entityTypes: string[]): Promise<Record<string, SavedBookmark>> {
  const own = await memoOf(client, process);
  if (!own) throw new Error(`No workflow "${process}" is known in this namespace.`);
  const bookmarks = { ...own };
  for (const entityType of new Set([...Object.keys(own), ...entityTypes])) {
    const child = (await memoOf(client, syncId(process, entityType)))?.[entityType];
    const known = bookmarks[entityType];
    if (child && (!known || isLater(child, known))) bookmarks[entityType] = child;
  }
  return bookmarks;
}

function isLater(a: SavedBookmark, b: SavedBookmark): boolean {
  return a.at > b.at || (a.at === b.at && a.inside !== undefined && b.inside === undefined);
}

async function memoOf(client: Client, workflowId: string): Promise<Record<string, SavedBookmark> | undefined> {
  try {
    const { memo } = await client.workflow.getHandle(workflowId).describe();
    return (memo?.['bookmarks'] as Record<string, SavedBookmark> | undefined) ?? {};
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
