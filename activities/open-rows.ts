import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import { rowsOf } from '../src/temporal/rows/rows-of.js';
import type { TemporalRows } from '../src/temporal/rows/temporal-rows.js';
import type { ActivityDependencies } from './dependencies.js';

/** The rows of a process, as they are listed now; new ones run on the task queue of this activity. */
export function openRows(active: ActiveProcess, { client, now }: ActivityDependencies): Promise<TemporalRows> {
  return rowsOf(active, { client, taskQueue: ActivityContext.current().info.taskQueue, now });
}
