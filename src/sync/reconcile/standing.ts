import type { Result } from '../../model/sheet.js';
import type { PlannedWrite } from '../planned-writes.js';

/** How a record stands in its destination. */
export type Standing =
  | 'inStep'
  /** It, or one of its resources, is not there. */
  | 'missing'
  | 'different'
  /** It is there more than once. */
  | 'doubled'
  /** It is there, and should not be: its source has it no more, or as one that is left out. */
  | 'extra'
  /** It cannot be mapped, read or written. */
  | 'failing'
  /** What it depends on fails. */
  | 'held';

/** What of it a run through the pipeline mends. */
const REPAIRABLE = ['missing', 'different', 'doubled', 'extra'] as const;

export type Repairable = (typeof REPAIRABLE)[number];

export function isRepairable(standing: Standing): standing is Repairable {
  return REPAIRABLE.some((each) => each === standing);
}

/** How a record stands, by what its write would come to. */
export function standingOf(result: Result, write: PlannedWrite | undefined): Standing {
  switch (result) {
    case 'errored':
      return 'failing';
    case 'held':
      return 'held';
    case 'created':
      return 'missing';
    case 'removed':
      return 'extra';
    case 'updated':
      return updated(write);
    default:
      return 'inStep';
  }
}

function updated(write: PlannedWrite | undefined): Standing {
  if (write && write.action !== 'upsert') return 'extra';
  const changes = write?.outcome.changes ?? [];
  if (changes.some(({ double }) => double)) return 'doubled';
  return changes.some(({ what }) => what === 'create') ? 'missing' : 'different';
}
