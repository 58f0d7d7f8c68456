import { allowedByResume, openAfterResume, type Failing } from '../src/model/failing.js';
import { getOwn, setOwn } from '../src/model/keyed.js';
import type { Stop } from '../src/model/stop.js';
import { erroredIn } from './errored-in.js';
import type { ErrorsState } from './errors/state.js';
import type { ProcessState } from './state.js';
import type { OpenCounts } from '../src/model/known-rows.js';

/** Whether it was a stop rule that stopped a type. */
export function isTooMany({ code }: Stop): boolean {
  return code === 'TooManyErrors';
}

/**
 * By `resume`: what failed too often is recorded from now on. @returns whether there was anything
 * to accept.
 */
export function acceptFailures(state: ProcessState): boolean {
  let any = false;
  for (const type of Object.values(state.types)) {
    const { tooMany } = type;
    if (!tooMany) continue;
    any = true;
    // Where no record tries it, too many rows are open, or children were left on theirs: its own
    // records are not accepted.
    if (tooMany.stop.record !== undefined) type.failing = allowedByResume;
    openUpTo(state, tooMany.stop);
    delete type.tooMany;
  }
  return acceptReleased(state, state.errors) || any;
}

function acceptReleased(state: ProcessState, errors: ErrorsState): boolean {
  const stopped = Object.entries(errors.tooMany ?? {});
  for (const [name, stop] of stopped) {
    // Also where too many would be open: of those that were left all failed, one after another,
    // since the others arrived.
    setOwn((errors.failing ??= {}), name, allowedByResume);
    openUpTo(state, stop);
  }
  delete errors.tooMany;
  return stopped.length > 0;
}

/** Up to how many rows may be open, where so many were too many. */
function openUpTo(state: ProcessState, { open }: Stop): void {
  if (open !== undefined) state.openUpTo = openAfterResume(state.openUpTo, open);
}

/**
 * Forgets up to how many rows may be open, once fewer than half of them are and nothing rests for
 * it.
 */
export function forgetOpenUpTo(state: ProcessState, open: OpenCounts): void {
  const { openUpTo: upTo, types, errors } = state;
  const rests = [...Object.values(types).flatMap(({ stopped }) => stopped ?? []), ...Object.values(errors.stopped)].some(isTooMany);
  if (upTo !== undefined && !rests && !errors.pass && erroredIn(open) * 2 < upTo) delete state.openUpTo;
}

/**
 * How the children of each entity type fared in a turn of retries, and whether too many of them
 * failed.
 */
export function takeReleased(errors: ErrorsState, failing: Record<string, Failing>, stopped: Record<string, Stop>, done: boolean): void {
  for (const [name, each] of Object.entries(failing)) {
    const stop = getOwn(stopped, name);
    if (stop && isTooMany(stop)) setOwn((errors.tooMany ??= {}), name, stop);
    else if (done) delete errors.tooMany?.[name];
    // What an operator accepted is behind it.
    if (done && !stop && each.allowed !== undefined) delete errors.failing?.[name];
    else setOwn((errors.failing ??= {}), name, each);
  }
}
