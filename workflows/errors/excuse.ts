import { patched } from '@temporalio/workflow';
import type { Stop } from '../../src/sync/results.js';
import type { EntityRetryResult } from '../contracts.js';
import { allowedByResume, openAfterResume } from '../../src/model/failing.js';
import type { ErrorsState } from './state.js';
import { getOwn, setOwn } from '../../src/model/keyed.js';

/** Whether it was a stop rule that stopped a type. */
export function isTooMany({ code }: Stop): boolean {
  return code === 'TooManyErrors';
}

/** By `resume`: what failed too often is recorded from now on, as far as a regular process would. @returns the entity types of which there was anything to accept. */
export function excuse(state: ErrorsState): string[] {
  const stopped = Object.entries(state.tooMany ?? {});
  if (stopped.length === 0 || !patched('resume-excuses-children')) return [];
  for (const [name, { open }] of stopped) {
    // Also where too many would be open: of those that were left all failed, one after another, since the others arrived.
    setOwn((state.failing ??= {}), name, allowedByResume);
    if (open !== undefined) state.openUpTo = openAfterResume(state.openUpTo, open);
  }
  delete state.tooMany;
  return stopped.map(([name]) => name);
}

/** How the children of an entity type fared in its part of a pass, and whether too many of them failed. */
export function takeFailures(state: ErrorsState, entityType: string, { failing, stopped, done }: EntityRetryResult): void {
  if (failing) setOwn((state.failing ??= {}), entityType, failing);
  if (stopped && isTooMany(stopped)) setOwn((state.tooMany ??= {}), entityType, stopped);
  else if (done) {
    delete state.tooMany?.[entityType];
    // What an operator accepted is behind it.
    if (getOwn(state.failing, entityType)?.allowed !== undefined) delete state.failing?.[entityType];
  }
}
