import type { Stop } from '../model/stop.js';
import type { SystemFailure } from './system-failure.js';

/**
 * A system's failure as the reason an entity type stopped. `system`: the definition's name for it.
 */
export function stopOf(failure: SystemFailure, system: string | undefined): Stop {
  const name = failure.system ?? system;
  return {
    code: failure.code,
    message: failure.message,
    remedy: failure.remedy,
    ...(failure.needsPerson ? { needs: 'person', byItself: true } : { needs: 'system' }),
    ...(name !== undefined ? { system: name } : {}),
    ...(failure.retryAfter !== undefined ? { retryAfter: failure.retryAfter } : {}),
  };
}
