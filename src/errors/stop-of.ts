import type { Stop } from '../model/stop.js';
import type { SystemFailure, SystemFailureCode } from './system-failure.js';

/**
 * What no system gets over alone: a name it does not know, a privilege or credentials that are
 * wanting.
 */
const FOR_A_PERSON: ReadonlySet<SystemFailureCode> = new Set(['FilterDropped', 'Forbidden', 'Unauthorized', 'UnknownType']);

/**
 * A system's failure as the reason an entity type stopped. `system`: the definition's name for it.
 */
export function stopOf(failure: SystemFailure, system: string | undefined): Stop {
  const name = failure.system ?? system;
  return {
    code: failure.code,
    message: failure.message,
    remedy: failure.remedy,
    ...(FOR_A_PERSON.has(failure.code) ? { needs: 'person', byItself: true } : { needs: 'system' }),
    ...(name !== undefined ? { system: name } : {}),
    ...(failure.retryAfter !== undefined ? { retryAfter: failure.retryAfter } : {}),
  };
}
