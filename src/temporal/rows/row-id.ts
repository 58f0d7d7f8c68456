import { createHash } from 'node:crypto';

/** PostgreSQL's column for workflow ids holds 255 characters. */
const LONGEST = 255;
/**
 * What can stand in an id and in a query as it is, and does not differ from another in case alone.
 */
const PLAIN = /^[a-z0-9._-]+$/;

/**
 * Workflow id of the errored record of one record: `<process>/errored/<entity type>/<record id>`. A
 * record id that is long, or has other signs than plain ones (capitals among them), is cut and made
 * unique by a hash; the whole stands in the row's state.
 */
export function rowId(process: string, entityType: string, id: string): string {
  const prefix = `${process}/errored/${entityType}/`;
  if (PLAIN.test(id) && prefix.length + id.length <= LONGEST) return prefix + id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 32);
  const readable = id.toLowerCase().replace(/[^a-z0-9._-]+/g, '_');
  return `${prefix}${readable.slice(0, Math.max(0, LONGEST - prefix.length - hash.length - 1))}~${hash}`;
}
