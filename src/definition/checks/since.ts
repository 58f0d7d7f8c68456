import { entityTypesOf, type Draft } from '../draft.js';
import type { Report } from '../source/report.js';

/** As bookmarks of a start: what lies in the future would pass over all that changes up to then. */
export function checkSince(draft: Draft, now: number, report: Report): void {
  for (const { at, input } of entityTypesOf(draft))
    if (input?.since !== undefined && Date.parse(input.since) > now)
      report.add('FutureSince', [...at, 'since'], '"since" lies in the future: all that changes up to then would be passed over.', {
        allowed: 'an instant that is past',
      });
}
