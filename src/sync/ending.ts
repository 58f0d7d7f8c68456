import { stopOf } from '../errors/stop-of.js';
import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import type { SyncResult } from '../model/progress.js';
import { Unbalanced } from './outcome.js';
import type { EntityTypeParts } from './parts.js';

/**
 * Why work on an entity type ended, as data. @throws what is none of these: a defect that leaves no
 * result.
 */
export function endingOf(error: unknown, { definition }: EntityTypeParts): Pick<SyncResult, 'stopped' | 'cancelled'> {
  if (error instanceof Cancelled) return { cancelled: true };
  if (error instanceof SystemFailure) return { stopped: stopOf(error, undefined) };
  if (!(error instanceof Unbalanced)) throw error;
  return {
    stopped: {
      code: 'Unbalanced',
      message: `${definition.name}: ${error.message}.`,
      remedy: 'This is a defect of Sangam: nothing was passed over; report it with the worker’s log.',
      needs: 'person',
    },
  };
}
