import { parse, v5 } from 'uuid';
import type { Origin } from '../connector.js';
import { isWellFormed } from './searched.js';

/** Of every id Sangam derives: never to change. */
const NAMESPACE = parse('7d9c1f2e-54a8-5b0e-9c7a-3f6d2b8e4a10');

/** Systems of the tags on what Sangam writes, on that it took over, and for each part of such a resource that it gave. */
export const ORIGIN_TAG = 'urn:sangam:origin';
export const ADOPTED_TAG = 'urn:sangam:adopted';
export const GAVE_TAG = 'urn:sangam:gave';

/** The id of one resource of one record, the same for ever. `formerly`: the entity type’s earlier names, oldest first; the oldest counts. */
export function resourceId(integration: string, entityType: string, formerly: string[], recordId: string, name: string): string {
  return v5([integration, formerly[0] ?? entityType, wellFormed(recordId), name].join('\0'), NAMESPACE);
}

/** The tag’s code: `<integration>/<process>/<entity type>/<record id>`, with what a FHIR code cannot hold encoded. */
export function originCode({ integration, process, entityType, id }: Origin): string {
  return `${integration}/${process}/${entityType}/${wellFormed(id, encodeURIComponent)}`;
}

/** Half a character, which neither UTF-8 nor an address can hold, as an escape that no other id gives. A record with such an id is refused when it is written. */
function wellFormed(id: string, encode = (text: string): string => text): string {
  if (isWellFormed(id)) return encode(id);
  const parts = id.split(/(\p{Cs})/u);
  return parts.map((part, index) => (index % 2 === 0 ? encode(part) : `%u${part.charCodeAt(0).toString(16)}`)).join('');
}

/** What a tag's code says; undefined where it is of another form. */
export function originOfCode(code: string): Origin | undefined {
  const [integration, process, entityType, id, ...more] = code.split('/');
  if (!integration || !process || !entityType || !id || more.length > 0) return undefined;
  try {
    return { integration, process, entityType, id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}
