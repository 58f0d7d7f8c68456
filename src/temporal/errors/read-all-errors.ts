import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Target } from './commands.js';
import { readErrors, type ProcessErrors } from './read-errors.js';

/** Processes read side by side: where no worker answers, each takes its time. */
const AT_ONCE = 8;

/** A process whose errored records cannot be read. */
export interface NotRead {
  process: string;
  /** Why, in words. */
  notRead: string;
}

/**
 * The errored records of several processes, in their order: one that cannot be read is shown as
 * such, beside the others.
 */
export function readAllErrors(client: Client, processes: string[], target: Target): Promise<(ProcessErrors | NotRead)[]> {
  const limit = pLimit(AT_ONCE);
  const read = (process: string): Promise<ProcessErrors | NotRead> =>
    readErrors(client, process, target).catch((error: unknown) => ({
      process,
      notRead: error instanceof Error ? error.message : String(error),
    }));
  return Promise.all(processes.map((process) => limit(() => read(process))));
}
