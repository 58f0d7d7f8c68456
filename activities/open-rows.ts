import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import { TemporalRows } from '../src/temporal/rows/temporal-rows.js';
import type { ActivityDependencies } from './dependencies.js';

/** The rows of a process, as they are listed now; new ones run on the task queue of this activity. */
export function openRows(active: ActiveProcess, process: string, { client, now }: ActivityDependencies): Promise<TemporalRows> {
  return TemporalRows.open({
    client,
    taskQueue: ActivityContext.current().info.taskQueue,
    process,
    digest: active.process.digest,
    errors: active.process.errors,
    link: (entityType, id) => linkOf(active, entityType, id),
    now,
  });
}

function linkOf({ definition, process }: ActiveProcess, entityType: string, id: string): string | undefined {
  const system = process.entityTypes.find(({ name }) => name === entityType)?.from.system;
  const link = system === undefined ? undefined : definition.systems[system]?.link;
  return link?.replaceAll('{id}', encodeURIComponent(id)).replaceAll('{entityType}', encodeURIComponent(entityType));
}
