import type { SourceRecord } from '../connectors/connector.js';
import type { Attempt } from './attempt.js';
import { heldFailure, inStepOf, recordErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import type { InStep } from './rows.js';

/** What came of records beside those given: parents that were brought over, and children. */
export interface Beside {
  /** Parents that were brought over first, and children of late parents. */
  brought: number;
  /** Those that failed or are held on the way. */
  failures: RecordFailure[];
  /** Those that are in step now. */
  inStep: InStep[];
}

export function nothingBeside(): Beside {
  return { brought: 0, failures: [], inStep: [] };
}

/** Adds `more`. Changes `beside`. */
export function addBeside(beside: Beside, more: Beside): void {
  beside.brought += more.brought;
  for (const failure of more.failures) beside.failures.push(failure);
  for (const each of more.inStep) beside.inStep.push(each);
}

/** Takes down what became of records that were carried for others; the attempt learns of those that are not in the destination. */
export function takeDown(records: SourceRecord[], outcomes: Outcome[], parts: EntityTypeParts, attempt: Attempt, beside: Beside): void {
  const { name } = parts.definition;
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.fate === 'errored') {
      attempt.setFate(name, record.id, { kind: 'held', on: { entityType: name, id: record.id } });
      beside.failures.push(recordErrored(record, outcome.error, parts));
    } else if (outcome?.fate === 'held') {
      attempt.setFate(name, record.id, { kind: 'held', on: outcome.on });
      beside.failures.push(heldFailure(record, outcome.on, parts));
    } else {
      beside.inStep.push(inStepOf(record, parts));
      if (outcome?.fate === 'filtered' || outcome?.fate === 'removed') attempt.setFate(name, record.id, { kind: 'filtered' });
      if (outcome?.fate === 'created' || outcome?.fate === 'updated') beside.brought += 1;
    }
  });
}
