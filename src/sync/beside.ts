import type { SourceRecord } from '../connectors/connector.js';
import type { Attempt } from './attempt.js';
import { doneOf, heldFailure, recordErrored } from './failures-of.js';
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

/** Takes down what became of records that were carried for others. Changes `beside`. */
export function takeDown(records: SourceRecord[], outcomes: Outcome[], parts: EntityTypeParts, attempt: Attempt, beside: Beside): void {
  const { name } = parts.definition;
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.fate === 'errored') {
      beside.failures.push(recordErrored(record, outcome.error, parts));
    } else if (outcome?.fate === 'held') {
      beside.failures.push(heldFailure(record, outcome.on, parts));
    } else {
      beside.inStep.push(doneOf(record, outcome ?? {}, parts));
      const came = outcome?.fate === 'created' || outcome?.fate === 'updated';
      if (came && !attempt.fate(name, record.id)) beside.brought += 1;
    }
  });
}
