import type { Activities, SyncChangesInput, WritingActivities } from '../../workflows/contracts.js';
import { planOf } from './process-harness.js';

/** What a process needs that has no errored records. */
export type Syncing = Activities & Pick<WritingActivities, 'syncChanges'>;

/** A process with nothing to do. */
export const idle: Syncing = {
  planCycle: async () => ({ kind: 'plan', plan: planOf([{ entityType: 'A', hasChanges: false }]) }),
  syncChanges: async () => {
    throw new Error('an idle cycle starts no child');
  },
};

/** Activities whose syncs are recorded and answered by `answer`. */
export function recording(
  answer: (input: SyncChangesInput) => ReturnType<WritingActivities['syncChanges']>,
  plan = planOf([{ entityType: 'A' }, { entityType: 'B', dependsOn: ['A'] }, { entityType: 'C' }]),
) {
  const synced: string[] = [];
  const activities: Syncing = {
    planCycle: async (input) => ({
      kind: 'plan',
      plan: {
        ...plan,
        types: plan.types.map((type) => ({
          ...type,
          bookmark: input.bookmarks[type.entityType] ?? null,
          due: input.runNow || input.lastDone[type.entityType] === undefined,
        })),
      },
    }),
    syncChanges: async (input) => {
      synced.push(input.entityType);
      return answer(input);
    },
  };
  return { activities, synced };
}
