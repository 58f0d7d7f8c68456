import type { RecordError } from '../../errors/record-error.js';
import { getOwn } from '../../model/keyed.js';
import type { DestinationEntityType, Origin } from '../connector.js';
import { wellFormed } from '../well-formed.js';
import { invalidField } from './record-errors.js';
import type { Body } from './stored-record.js';

/** As Sangam writes one: what somebody else put there is not repeated. */
const MARK = /^[a-z0-9-]{1,200}\/[A-Za-z0-9-]{1,60}\/[\w%.~!*'()-]{1,500}(\/[\w-]{1,100})?$/;

/**
 * From which record something was written, as one text:
 * `<integration>/<entity type>/<record id>`, with the resource's name where it is not `main`.
 */
export function originMark({ integration, entityType, id }: Omit<Origin, 'process'>, name: string): string {
  const parts = [integration, entityType, wellFormed(id, encodeURIComponent), ...(name === 'main' ? [] : [name])];
  return parts.join('/');
}

/** What a mark says; undefined where it is none. */
export function originOfMark(mark: string): Omit<Origin, 'process'> | undefined {
  const [integration, entityType, id] = MARK.test(mark) ? mark.split('/') : [];
  if (integration === undefined || entityType === undefined || id === undefined) return undefined;
  try {
    return { integration, entityType, id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}

/** The same under each name that the entity type had. */
export function originMarks(origin: Omit<Origin, 'process'>, name: string, known: DestinationEntityType | undefined): string[] {
  const names = [origin.entityType, ...(known?.formerly ?? [])];
  return names.map((entityType) => originMark({ ...origin, entityType }, name));
}

/** What a record says of where it came from, in the concept that is named for it. */
export function markIn(body: Body, concept: string | undefined): string | undefined {
  const observations = concept === undefined ? undefined : getOwn(body, 'observations');
  const text = concept === undefined ? undefined : getOwn((observations ?? {}) as Body, concept);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** What a mapping made, with its mark; an error where it gives that concept a value itself. */
export function withMark(given: Body, concept: string, mark: string): { body: Body } | { error: RecordError } {
  const observations = (getOwn(given, 'observations') ?? {}) as Body;
  if (getOwn(observations, concept) !== undefined)
    return { error: invalidField(`observations.${concept}`, 'is the concept named under “origin”, which Sangam fills in itself') };
  return { body: { ...given, observations: { ...observations, [concept]: mark } } };
}

/** Two records that bring one key: names both. */
export function sameKey(mark: string, holder: string): RecordError {
  const other = MARK.test(holder) ? `of ${holder}` : 'that its origin names as another';
  return {
    code: 'KeyCollision',
    message: `${mark} has the business key of the record ${other}, which stands in Avni under it.`,
    remedy: 'Correct the key in the one of the two records where it is wrong.',
  };
}
