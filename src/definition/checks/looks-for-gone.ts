import { entityTypesOf, type Draft, type DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { Report } from '../source/report.js';

/** A source that looks for what is gone has to know what stands in its destination. */
export function checkLooksForGone(draft: Draft, endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  for (const entityType of entityTypesOf(draft)) {
    const { from, to } = endpoints.get(entityType) ?? {};
    if (!from?.system.type?.looksForGone?.(from.settings) || !to?.system.type) continue;
    if (to.system.type.tellsStanding?.(to.settings)) continue;
    report.add(
      'CannotLookForGone',
      [...entityType.at, 'from'],
      `${entityType.name} is to look for records that are gone, by what stands in ${to.system.name}; but nothing there says which records those came from.`,
      {
        of: 'key',
        allowed: 'an “origin” under “to” where its connector has that; else deletions that the source tells by itself, or that are ignored',
      },
    );
  }
}
