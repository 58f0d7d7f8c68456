import { log } from '@temporalio/workflow';
import type { Stop } from '../src/model/stop.js';
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

/**
 * Says of each entity type, and of its retries, that it stopped, or that it goes on, when that has
 * changed.
 */
export function tellStops(process: string, { types, errors }: ProcessState): void {
  for (const [entityType, type] of Object.entries(types)) tellOne({ process, entityType }, type, type.stopped, 'Stopped');
  const [entityType, stop] = Object.entries(errors.stopped)[0] ?? [];
  tellOne({ process, ...(entityType !== undefined ? { entityType } : {}) }, errors, stop, 'Retries stopped');
}

/** Changes `of`, by which it is known what the log was told. */
function tellOne(fields: Fields, of: { told?: string }, stop: Pick<Stop, 'code' | 'system'> | undefined, message: string): void {
  const { told } = of;
  if (told === stop?.code) return;
  if (stop) {
    of.told = stop.code;
    tell('warn', message, { ...fields, code: stop.code, ...(stop.system !== undefined ? { system: stop.system } : {}) });
  } else {
    delete of.told;
    tell('info', 'Goes on', { ...fields, ...(told !== undefined ? { code: told } : {}) });
  }
}
