import { parse, v5 } from 'uuid';
import { wellFormed } from './well-formed.js';

/** Of every id Sangam derives: never to change. */
const NAMESPACE = parse('7d9c1f2e-54a8-5b0e-9c7a-3f6d2b8e4a10');

/**
 * The id of one resource of one record, the same for ever. `formerly`: the entity type’s earlier
 * names, oldest first; the oldest counts.
 */
export function resourceId(integration: string, entityType: string, formerly: string[], recordId: string, name: string): string {
  return v5([integration, formerly[0] ?? entityType, wellFormed(recordId), name].join('\0'), NAMESPACE);
}
