import type { Origin } from '../connector.js';
import { wellFormed } from '../well-formed.js';

/**
 * Systems of the tags on what Sangam writes, on that it took over, and for each part of such a
 * resource that it gave.
 */
export const ORIGIN_TAG = 'urn:sangam:origin';
export const ADOPTED_TAG = 'urn:sangam:adopted';
export const GAVE_TAG = 'urn:sangam:gave';
/** On what it is to be noticed of that others changed it: a digest of what Sangam wrote. */
export const DIGEST_TAG = 'urn:sangam:digest';
/**
 * Of the tag that has the id which a resource would have been given, where its server chooses ids
 * itself.
 */
export const ID_TAG = 'urn:sangam:id';

/**
 * System of the tag on what was made because records share it: it is nobody's, and left alone. Its
 * code is the integration that made it.
 */
export const SHARED_TAG = 'urn:sangam:shared';

/**
 * The tag’s code: `<integration>/<process>/<entity type>/<record id>`, with what a FHIR code cannot
 * hold encoded.
 */
export function originCode({ integration, process, entityType, id }: Origin): string {
  return `${integration}/${process}/${entityType}/${wellFormed(id, encodeURIComponent)}`;
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
