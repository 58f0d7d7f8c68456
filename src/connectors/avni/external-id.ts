import type { RecordError } from '../../errors/record-error.js';
import { isPathSegment } from '../../http/path-segment.js';
import type { DestinationEntityType } from '../connector.js';
import { resourceId } from '../derived-id.js';
import { isWellFormed } from '../well-formed.js';
import type { KeysWritten } from './keys-written.js';
import { originMark } from './origin-mark.js';

/** Characters: the server takes more, and no business key has them. */
const LONGEST = 255;

/**
 * The External ID of a record's resource: derived, or the key it was last written under; undefined
 * where that is not known, as without `keys`.
 */
export function externalIdOf(
  integration: string,
  entityType: string,
  known: DestinationEntityType,
  id: string,
  keys: KeysWritten | undefined,
  name = known.resourceNames[0] ?? 'main',
): string | undefined {
  if (known.keyed.includes(name)) return keys?.keyOf(originMark({ integration, entityType, id }, name));
  return resourceId(integration, entityType, known.formerly, id, name);
}

/**
 * Why a business key can be no External ID: what cannot stand in an address is never found again
 * (Avni server, observed).
 */
export function unusableKey(key: string): RecordError | undefined {
  const isUsable = key === key.trim() && key.length <= LONGEST && isPathSegment(key) && isWellFormed(key) && !/[/;\\]|\p{Cc}/u.test(key);
  if (isUsable) return undefined;
  return {
    code: 'KeyInvalid',
    message: `The record’s key can be no External ID of Avni: it is longer than ${LONGEST} characters, has white space around it, is of dots, or holds a slash, a semicolon or a control character.`,
    remedy: 'Correct the field the key is made of, or the expression.',
    path: 'key',
  };
}
