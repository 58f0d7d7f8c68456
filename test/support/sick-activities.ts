import { emptySheet } from '../../src/model/sheet.js';
import type { Stop } from '../../src/model/stop.js';
import type { Syncing } from './fake-activities.js';
import { planOf, synced } from './process-harness.js';

/**
 * Types A, B (which depends on A), C and D, of which D alone needs other systems; A stops with what
 * `stop` says as long as it says so.
 */
export function sickActivities(stop: () => Stop | undefined): { activities: Syncing; order: string[] } {
  const order: string[] = [];
  const uses = ['avni', 'emr'];
  const types = [
    { entityType: 'A', uses },
    { entityType: 'B', uses, dependsOn: ['A'] },
    { entityType: 'C', uses },
    { entityType: 'D', uses: ['other', 'dhis'] },
  ];
  const activities: Syncing = {
    planCycle: async ({ bookmarks, runNow, lastDone, rests }) => ({
      kind: 'plan',
      plan: planOf(
        types.map((type) => ({
          ...type,
          bookmark: bookmarks[type.entityType] ?? null,
          due: runNow || (lastDone[type.entityType] === undefined && rests?.[type.entityType] === undefined),
        })),
      ),
    }),
    syncChanges: async (input) => {
      order.push(input.entityType);
      const stopped = input.entityType === 'A' ? stop() : undefined;
      return stopped ? { bookmark: input.after, sheet: emptySheet, findings: {}, done: false, stopped } : synced(input.until);
    },
  };
  return { activities, order };
}

/** Types A to D of one destination, which A and B always find unavailable. */
export function tiredActivities(): { activities: Syncing; order: string[] } {
  const tired: Stop = { code: 'Unavailable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' };
  const order: string[] = [];
  const activities: Syncing = {
    planCycle: async ({ lastDone, rests }) => {
      const due = (name: string): boolean => lastDone[name] === undefined && rests?.[name] === undefined;
      const types = ['A', 'B', 'C', 'D'].map((entityType) => ({ entityType, uses: ['avni', 'emr'], due: due(entityType) }));
      return { kind: 'plan', plan: planOf(types) };
    },
    syncChanges: async ({ entityType, after, until }) => {
      order.push(entityType);
      if (entityType > 'B') return synced(until);
      return { bookmark: after, sheet: emptySheet, findings: {}, done: false, stopped: tired };
    },
  };
  return { activities, order };
}
