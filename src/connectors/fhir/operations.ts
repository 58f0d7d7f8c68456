import type { RecordError } from '../../errors/record-error.js';
import { pathSegment } from '../../http/path-segment.js';
import type { WriteOutcome, WriteRequest } from '../connector.js';
import type { Meta, StoredResource } from './resource.js';

/** One change of one resource. */
export interface Operation {
  method: 'PUT' | 'DELETE';
  type: string;
  id: string;
  body?: unknown;
  /**
   * It is created by POST unless this search finds something: the server chooses its id, and `id`
   * is the derived one.
   */
  create?: string;
  /** Version that must still be the stored one. */
  version?: string;
  /** What the server has, where it is known. */
  stored?: StoredResource;
  /** Whether the body is what the server has, marked as no longer valid. */
  marks?: true;
  /** What the body leaves out of `meta`, and a server that merges it would keep. */
  takeAway?: Meta;
  /** Whether it gives a resource back that was taken over: none of `takeAway` may stay. */
  letsGo?: true;
}

/**
 * What a request comes to: decided without a write, or operations that belong together and what
 * they mean once done.
 */
export type Planned =
  /**
   * `again`: look once more when the others of this call are written, since that may free the key.
   */
  | { outcome: WriteOutcome; again?: true }
  /**
   * `again`: these free what is not the record’s any more. Then look once more; where no look is
   * left, this is its outcome.
   */
  | { operations: Operation[]; done: WriteOutcome; again?: WriteOutcome };

/** To plan it, the state of these before they were taken over is needed. */
export interface NeedsBefore {
  before: StoredResource[];
}

export function targetOf({ type, id }: Operation): string {
  return `${pathSegment(type)}/${pathSegment(id)}`;
}

export function refused(code: string, message: string, remedy: string, more: Partial<RecordError> = {}): { outcome: WriteOutcome } {
  return { outcome: { kind: 'refused', error: { code, message, remedy, ...more } } };
}

/** Words for a request in messages: type of record and id, nothing else of it. */
export function nameOf({ origin }: WriteRequest): string {
  return `${origin.entityType} ${origin.id}`;
}

/** What becomes of a record that is another one each time that it is looked at. */
export const stillConflicting: WriteOutcome = {
  kind: 'refused',
  error: {
    code: 'VersionConflict',
    message: 'Someone else changes the same resource in the destination all the time.',
    remedy: 'Find out who: each type has one owner, the system it is read from.',
  },
};
