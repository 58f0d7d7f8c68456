import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { SourceRecord } from '../connector.js';

/** Members of a location that are no title. */
const NO_TITLE = /External ID$/;
/** Characters of a lineage. */
const LONGEST = 200;

/** The lineage of a subject's location, from the top: Avni gives it from the bottom, by type. */
export function placeIn({ body }: SourceRecord): string | undefined {
  const location = isObject(body) ? getOwn(body, 'location') : undefined;
  if (!isObject(location)) return undefined;
  const titles = Object.entries(location).flatMap(([type, title]) => (typeof title === 'string' && !NO_TITLE.test(type) ? [title] : []));
  return titles.length > 0 ? titles.reverse().join(', ').slice(0, LONGEST) : undefined;
}
