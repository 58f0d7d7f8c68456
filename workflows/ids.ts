/** Workflow ids and the names an operator meets. Final: persisted in every installation. */

/** Workflow id of the child that syncs one entity type of a process. */
export function syncId(process: string, entityType: string): string {
  return `${process}/sync/${entityType}`;
}

export const TASK_QUEUE = 'sangam';
