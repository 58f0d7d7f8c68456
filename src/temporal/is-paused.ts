import type { Client } from '@temporalio/client';
import { syncStateKey } from '../../workflows/search-attributes.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { askStatus } from './ask.js';
import { describeWorkflow, isOpen } from './executions.js';

/**
 * Whether a process runs and rests, or was told to rest and only finishes what is in flight. Where
 * no worker answers for it, what its search attribute shows counts.
 */
export async function isPaused(client: Client, process: string): Promise<boolean> {
  const found = await describeWorkflow(client, process);
  if (!found || !isOpen(found)) return false;
  if (found.status.name === 'PAUSED') return true;
  if (found.typedSearchAttributes.get(syncStateKey) === 'paused') return true;
  const status = await askStatus<ProcessStatus>(client, process);
  return typeof status === 'object' && (status.state === 'paused' || status.pausing === true);
}
