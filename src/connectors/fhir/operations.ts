import type { RecordError } from '../../errors/record-error.js';
import { pathSegment } from '../../http/path-segment.js';
import type { WriteOutcome, WriteRequest } from '../connector.js';
import type { StoredResource } from './resource.js';

/** One change of one resource. */
export interface Operation {
  method: 'PUT' | 'DELETE';
  type: string;
  id: string;
  body?: unknown;
  /** Version that must still be the stored one. */
  version?: string;
  /** What the server has, where the body is that, marked as no longer valid. */
  marks?: StoredResource;
}

/** What a request comes to: decided without a write, or operations that belong together and what they mean once done. */
export type Planned = { outcome: WriteOutcome } | { operations: Operation[]; done: WriteOutcome };

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
