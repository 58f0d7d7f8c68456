import { entityTypesOf, type Draft, type DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { Report } from '../source/report.js';

/** What becomes of records without a value for their key: there is a key, and its system can. */
export function checkKeyMissing(draft: Draft, endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  for (const entityType of entityTypesOf(draft)) {
    const { input, at, name } = entityType;
    if (input?.whenKeyMissing === undefined) continue;
    const path = [...at, 'whenKeyMissing'];
    if (input.to.key === undefined)
      report.add('WithoutKey', path, `${name} has no "key" that a record could lack.`, { of: 'key', allowed: 'a "key" under "to"' });
    const { system } = endpoints.get(entityType)?.to ?? {};
    if (input.whenKeyMissing === 'derive' && system?.type && system.type.derivesWithoutKey !== true)
      report.add(
        'CannotDerive',
        path,
        `${system.name} is of a kind that does not know a record again once it gets its key: it would be there twice.`,
        { allowed: 'filter, fail' },
      );
  }
}
