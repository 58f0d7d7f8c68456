/** Workflow ids and the names an operator meets. Final: persisted in every installation. */

/** Whether this is the id of a process: `<integration>/<process>`. */
export function isProcessId(id: string): boolean {
  return /^[a-z0-9-]+\/[a-z0-9-]+$/.test(id);
}

/** Workflow id of the child that syncs one entity type of a process. */
export function syncId(process: string, entityType: string): string {
  return `${process}/sync/${entityType}`;
}

/** Workflow id of the child that tries the errored records of a process again. */
export function errorsId(process: string): string {
  return `${process}/errors`;
}

/** Workflow id of the child that brings one record over, since somebody asked for it. */
export function recordId(process: string): string {
  return `${process}/record`;
}

export const TASK_QUEUE = 'sangam';
