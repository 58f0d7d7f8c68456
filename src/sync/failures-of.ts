import type { SourceRecord, Unreadable } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import type { Instant } from '../model/instant.js';
import type { RecordErrored, RecordFailure, RecordHeld } from './failures.js';
import type { Awaiting, Held, Outcome } from './outcome.js';
import { parentFailing, type EntityTypeParts } from './parts.js';
import type { InStep, OpenRow } from './rows.js';

/** A record's failure, ready to be recorded. */
export function recordErrored(record: SourceRecord, error: RecordError, { definition, classify }: EntityTypeParts): RecordErrored {
  return { kind: 'errored', ...stateOf(record, definition.name), error: classify(error) };
}

/**
 * A record that its source cannot give; known by its place where it has no id. Its version is its
 * stamp: nothing else is known of it.
 */
export function unreadableErrored(record: Unreadable, { definition, classify }: EntityTypeParts): RecordErrored {
  const { stamp, error } = record;
  return { kind: 'errored', entityType: definition.name, id: idOf(record), version: stamp, stamp, error: classify(error) };
}

/**
 * One that was asked for by its id, and whose state is thus not known: it counts as the one its row
 * has, which would take anything older for old news.
 */
export function unfetched(record: Unreadable & { id: string }, row: OpenRow | undefined, parts: EntityTypeParts): RecordErrored {
  const failure = unreadableErrored(record, parts);
  return row && row.version !== '' ? { ...failure, version: row.version, stamp: row.stamp } : failure;
}

export function idOf({ id, stamp, slot }: Unreadable): string {
  return id ?? `@${stamp}#${slot}`;
}

export function stampOf(record: SourceRecord | Unreadable): Instant {
  return 'error' in record ? record.stamp : record.modified;
}

export function heldFailure(
  record: SourceRecord | (Unreadable & { id: string }),
  on: RecordHeld['on'],
  { definition, classify, unlisted }: EntityTypeParts,
): RecordHeld {
  const state = 'error' in record ? { id: record.id, version: record.stamp, modified: record.stamp } : record;
  return { kind: 'held', ...stateOf(state, definition.name), on, ...(unlisted ? { alone: classify(parentFailing(on)) } : {}) };
}

/**
 * What is recorded of a record that is held: that it waits on another's row, or a row of its own.
 */
export function failureOfHeld(record: SourceRecord, outcome: Held | Awaiting, parts: EntityTypeParts): RecordFailure {
  return 'on' in outcome ? heldFailure(record, outcome.on, parts) : recordErrored(record, outcome.error, parts);
}

/** A record that is done, with the children that need not wait on it any more. */
export function doneOf(record: SourceRecord, outcome: Outcome | undefined, parts: EntityTypeParts): InStep {
  const released = outcome && 'released' in outcome ? outcome.released : undefined;
  return { ...inStepOf(record, parts), ...(released ? { released } : {}) };
}

export function inStepOf(record: SourceRecord, { definition }: EntityTypeParts): InStep {
  return stateOf(record, definition.name);
}

function stateOf({ id, version, modified }: Pick<SourceRecord, 'id' | 'version' | 'modified'>, entityType: string): InStep {
  return { entityType, id, version, stamp: modified };
}
