import { log } from '@temporalio/workflow';
import type { ProcessState } from './state.js';

/** What a line of the worker's log may have: no part of a record but its id. */
interface Fields {
  process: string;
  entityType?: string;
  code?: string;
  system?: string;
  why?: string;
}

/** One line in the worker's log, once, also where this is replayed. */
export function tell(level: 'info' | 'warn', message: string, fields: Fields): void {
  log[level](message, { ...fields, ours: true });
}

/** Says of each entity type, and of its retries, that it stopped, or that it goes on, when that has changed. */
export function tellStops(process: string, { types, errors }: ProcessState): void {
  for (const [entityType, type] of Object.entries(types)) {
    type.told = tellOne(process, entityType, type.told, type.stopped, 'Stopped');
    if (type.told === undefined) delete type.told;
  }
  const [first] = Object.entries(errors.stopped);
  errors.told = tellOne(process, first?.[0], errors.told, first?.[1], 'Retries stopped');
  if (errors.told === undefined) delete errors.told;
}

function tellOne(
  process: string,
  entityType: string | undefined,
  before: string | undefined,
  stop: { code: string; system?: string } | undefined,
  message: string,
): string | undefined {
  if (before === stop?.code) return before;
  const fields = { process, ...(entityType !== undefined ? { entityType } : {}) };
  if (stop) tell('warn', message, { ...fields, code: stop.code, ...(stop.system !== undefined ? { system: stop.system } : {}) });
  else tell('info', 'Goes on', { ...fields, ...(before !== undefined ? { code: before } : {}) });
  return stop?.code;
}
