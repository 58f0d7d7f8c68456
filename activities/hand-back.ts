import { ApplicationFailure, Context } from '@temporalio/activity';
import type { FoundProcess } from '../src/assembly/integration-store.js';
import type { ActivityDependencies } from './dependencies.js';

/** The definition that was planned with. */
interface Wanted {
  digest?: string;
  changedAt?: string;
}

/** Tries after which no other worker is looked for: what this one finds then counts. */
const MAX_TRIES = 10;

/** Why this worker is not the one to decide, in words; undefined where it is. */
export function atOdds(found: FoundProcess, { digest, changedAt }: Wanted): string | undefined {
  if ('missing' in found) return found.message;
  if (digest === undefined || changedAt === undefined || found.active.process.digest === digest || found.changedAt >= changedAt)
    return undefined;
  return `Its definition was changed at ${found.changedAt}; the one in force at ${changedAt}.`;
}

/**
 * Gives an activity back, for another worker, where this one has not the process, or an older
 * definition of it. @throws ApplicationFailure
 */
export function handBack(found: FoundProcess, wanted: Wanted, { worker }: Pick<ActivityDependencies, 'worker'>): void {
  const why = atOdds(found, wanted);
  if (why === undefined || Context.current().info.attempt >= MAX_TRIES) return;
  throw ApplicationFailure.create({
    type: 'AtOdds',
    message: `Given back by the worker ${worker}: ${why}`,
    nextRetryDelay: '1 second',
  });
}
