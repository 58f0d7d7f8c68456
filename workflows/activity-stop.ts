import { ApplicationFailure, type ActivityFailure } from '@temporalio/workflow';
import type { Stop } from '../src/model/stop.js';

/**
 * Why an activity that failed in a way it should not keeps its type from going on. `what` began,
 * e.g. `Syncing Beneficiary`; `again`: when it is tried again.
 */
export function activityStop({ cause }: ActivityFailure, what: string, again: string): Stop {
  if (cause instanceof ApplicationFailure && cause.type === 'TooLarge')
    return {
      code: 'TooLarge',
      message: `${what} came to more than Temporal takes. ${cause.message}`,
      remedy: `See which record has an id or text that long, and shorten it at its source. Nothing is lost; it is tried again at ${again}.`,
      needs: 'person',
    };
  const remedy = `The worker’s log says where. Nothing is lost; it is tried again at ${again}.`;
  return { code: 'Defect', message: `${what} failed in a way it should not.`, remedy, needs: 'person' };
}
