import type { ActiveProcess } from '../../../src/assembly/active-process.js';
import type { Context } from '../../../src/connectors/connector.js';
import { MemoryRows } from '../../../src/sync/memory-rows.js';
import type { SyncResult } from '../../../src/model/progress.js';
import { syncChanges } from '../../../src/sync/sync-changes.js';

/** Carries everything of a process over, from the beginning and in order, with no Temporal. */
export async function syncAll({ process, parts }: ActiveProcess, c: Context): Promise<Record<string, SyncResult>> {
  const until = new Date(Date.now() + 1).toISOString();
  const results: Record<string, SyncResult> = {};
  for (const { name } of process.entityTypes) {
    const type = parts[name];
    if (!type) throw new Error(name);
    const rows = new MemoryRows();
    results[name] = await syncChanges(
      type,
      { after: null, until, limit: 100, shouldYield: () => false, onProgress: () => undefined, rows },
      c,
    );
  }
  return results;
}
