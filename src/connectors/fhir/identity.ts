import { parse, v5 } from 'uuid';
import type { Origin } from '../connector.js';

/** Of every id Sangam derives: never to change. */
const NAMESPACE = parse('7d9c1f2e-54a8-5b0e-9c7a-3f6d2b8e4a10');

/** Systems of the tags on what Sangam writes, and of that it took over. */
export const ORIGIN_TAG = 'urn:sangam:origin';
export const ADOPTED_TAG = 'urn:sangam:adopted';

/** The id of one resource of one record, the same for ever. `formerly`: the entity type’s earlier names, oldest first; the oldest counts. */
export function resourceId(integration: string, entityType: string, formerly: string[], recordId: string, name: string): string {
  return v5([integration, formerly[0] ?? entityType, recordId, name].join('\0'), NAMESPACE);
}

/** The tag’s code: `<integration>/<process>/<entity type>/<record id>`, with what a FHIR code cannot hold encoded. */
export function originCode({ integration, process, entityType, id }: Origin): string {
  return `${integration}/${process}/${entityType}/${encodeURIComponent(id)}`;
}
