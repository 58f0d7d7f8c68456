import { clean } from '../model/clean.js';
import type { ClosedByHand } from '../temporal/errors/list-closed.js';

/** Errored records that were closed by hand, for a person at a terminal. */
export function closedText(process: string, closed: ClosedByHand[]): string {
  if (closed.length === 0) return `${process}: no errored record was closed by hand, as far as Temporal still keeps them.`;
  return [
    `${process}: ${closed.length} errored records were closed by hand, not by the engine. Whether they are in step is not known: sangam sync brings one over.`,
    ...closed.map(
      ({ entityType, id, errorType, how, at }) =>
        `  ${at} ${how}: ${entityType} ${clean(id, 200)}${errorType === undefined ? '' : ` (${errorType})`}`,
    ),
  ].join('\n');
}
