import type { Stop } from '../src/model/stop.js';

/** Why nothing is done of a type that a process has not. */
export function unknownType(entityType: string, known: string[]): Stop {
  return {
    code: 'UnknownEntityType',
    message: `The process has no entity type "${entityType.slice(0, 60)}".`,
    remedy: `Ask for one of: ${known.join(', ')}.`,
    needs: 'person',
  };
}
