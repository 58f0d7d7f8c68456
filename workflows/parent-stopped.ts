import type { Stop } from '../src/model/stop.js';

/** Why a type is not tried that depends on one which stopped. */
export function parentStopped(parent: string, stop: Stop | undefined): Stop {
  return {
    code: 'ParentStopped',
    message: `It depends on ${parent}, which stopped${stop ? ` (${stop.code})` : ''}.`,
    remedy: `It goes on by itself once ${parent} does.`,
    needs: stop?.needs ?? 'person',
    ...(stop?.byItself ? { byItself: true } : {}),
  };
}
