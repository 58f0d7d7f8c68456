import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import { rowsOf } from '../src/temporal/rows/rows-of.js';
import type { TemporalRows } from '../src/temporal/rows/temporal-rows.js';
import type { ActivityDependencies } from './dependencies.js';
import { knownRows } from './known-rows.js';
import type { KnownRows } from '../src/model/known-rows.js';

/**
 * The rows of a process, as they are listed now; new ones run on the task queue of this activity.
 */
export function openRows(active: ActiveProcess, { client, now, log }: ActivityDependencies, by?: string): Promise<TemporalRows> {
  const { taskQueue } = ActivityContext.current().info;
  return rowsOf(active, { client, taskQueue, now, log, ...(by !== undefined ? { by } : {}) });
}

/** What the process keeps of its rows, now that they were told what happened. */
export function knownOf(rows: TemporalRows, { process }: ActiveProcess, { now }: ActivityDependencies): KnownRows {
  const known = knownRows(rows.open, process.digest, new Date(now()).toISOString());
  return rows.wakes ? { ...known, wake: true } : known;
}
