import type { RecordError } from '../../errors/record-error.js';
import type { Context } from '../connector.js';
import type { Listed } from './recent-records.js';
import type { SetupView } from './setup/setup.js';
import type { Body, StoredRecord } from './stored-record.js';

/** One request that brings a record about. */
export interface Sending {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: Body;
  /** Whether what Avni has shows that it was done. */
  shows(record: StoredRecord): boolean;
  /** It replaces what others own too: it is sent only if the record is still as it was. */
  guarded?: true;
}

/** What all that one call of a destination does has in common. */
export interface Call {
  view: SetupView;
  /** Whether the server is well where no record can be at fault; asked once. */
  isHealthy(): Promise<boolean>;
  /** What lists showed, where they were read. */
  recent?: Listed | undefined;
  /** Why nothing may come to be under a parent, by its kind and id: each is asked for once. */
  voided: Map<string, Promise<RecordError | undefined>>;
  /** Nothing is to be written: what a record brings is not remembered. */
  dry?: true;
  /** Told of what was written. */
  written?(externalId: string, record: StoredRecord): void;
  c: Context;
}
