import type { SourceRecord } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import { keyOf, type RecordRef } from '../model/record-key.js';
import type { Absence } from './absence.js';
import type { Budget } from './budget.js';
import { doneOf, failureOfHeld, recordErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import type { GoneInCycle } from './gone-in-cycle.js';
import type { Memory } from './memory.js';
import { isDone, type Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import type { InStep, Rows } from './rows.js';
import { MAX_WAITING, type WaitingChild } from '../model/waiting-child.js';

/** What an activity works with, whatever batch it has in hand. */
export interface Surroundings {
  memory: Memory;
  rows: Rows;
  /**
   * Where the types of the process got to; null: never synced, so that it has passed nothing by. A
   * type that is not named may have passed by anything. Absent: no late parents are looked for.
   */
  passed?: Record<string, Instant | null>;
  /**
   * Every record that is written counts as one that just arrived: its children may have been
   * removed, though it was not.
   */
  late?: true;
  /**
   * By `keyOf`: other records that are durably to be processed, so that none of them need follow a
   * late parent.
   */
  given?: ReadonlySet<string>;
  /** What this cycle saw go. Absent: each parent that is missing is read afresh. */
  gone?: GoneInCycle;
  /** Judges what fails for the sake of others. Absent: all of it is given back. */
  budget?: Budget;
}

/** A record that came to be in the destination after types that depend on it had gone by. */
export interface Arrived {
  parts: EntityTypeParts;
  /** The state in which it arrived. */
  state: InStep;
  /** The types that may have gone by, in the order they are synced. */
  children: string[];
}

/**
 * What is known while one batch is worked with all that belongs to it, so that nothing is fetched
 * or tried twice in it.
 */
export class Batch {
  brought = 0;
  readonly failures: RecordFailure[] = [];
  readonly inStep: InStep[] = [];
  /** Parents whose children are to follow, behind what is worked now. */
  owed: Arrived[] = [];
  /** The records that are processed for their own sake: nothing else brings them. */
  readonly given: ReadonlySet<string>;
  private readonly absences = new Map<string, Absence>();
  private readonly queued = new Set<string>();
  private readonly childless = new Set<string>();
  private readonly waiting = new Map<string, Map<string, WaitingChild>>();

  constructor(
    readonly around: Surroundings,
    records: SourceRecord[],
    { definition: { name: entityType } }: EntityTypeParts,
  ) {
    this.given = new Set([...records.map(({ id }) => keyOf({ entityType, id })), ...(around.given ?? [])]);
  }

  absence(record: RecordRef): Absence | undefined {
    return this.absences.get(keyOf(record));
  }

  setAbsence(record: RecordRef, absence: Absence): void {
    this.absences.set(keyOf(record), absence);
  }

  /** It does not come in this cycle, whoever depends on it. */
  setGone(record: RecordRef, absence: Absence): void {
    this.setAbsence(record, absence);
    this.around.gone?.note(record, absence);
  }

  /** Whether it is to be brought over already, for the sake of others. */
  isQueued(record: RecordRef): boolean {
    return this.queued.has(keyOf(record));
  }

  setQueued(record: RecordRef): void {
    this.queued.add(keyOf(record));
  }

  isGiven(record: RecordRef): boolean {
    return this.given.has(keyOf(record));
  }

  /** These children were durably made to wait on a record that is about to arrive, or to go. */
  setWaiting(on: RecordRef, children: WaitingChild[]): void {
    const known = this.waiting.get(keyOf(on)) ?? new Map<string, WaitingChild>();
    this.waiting.set(keyOf(on), known);
    // Of a larger family the row keeps no list either.
    for (const child of children) if (known.size < MAX_WAITING) known.set(keyOf(child), child);
  }

  isWaiting(on: RecordRef, child: WaitingChild): boolean {
    return this.waiting.get(keyOf(on))?.get(keyOf(child))?.version === child.version;
  }

  /** Those that were made to wait, once they need not any more. Forgets them. */
  takeWaiting(on: RecordRef): WaitingChild[] | undefined {
    const children = this.waiting.get(keyOf(on));
    this.waiting.delete(keyOf(on));
    return children && [...children.values()];
  }

  /** It was found to have no children of a type: those need not be listed again. */
  setChildless(parent: RecordRef, child: string): void {
    this.childless.add(`${keyOf(parent)}\0${child}`);
  }

  isChildless(parent: RecordRef, child: string): boolean {
    return this.childless.has(`${keyOf(parent)}\0${child}`);
  }

  /** Takes down what became of a record that was processed for the sake of others. */
  note(record: SourceRecord, outcome: Outcome, parts: EntityTypeParts): void {
    if (outcome.result === 'errored') return void this.failures.push(recordErrored(record, outcome.error, parts));
    if (outcome.result === 'held') return void this.failures.push(failureOfHeld(record, outcome, parts));
    this.inStep.push(doneOf(record, outcome, parts));
    const came = outcome.result === 'created' || outcome.result === 'updated';
    if (came && !this.absence({ entityType: parts.definition.name, id: record.id })) this.brought += 1;
  }

  /** What those who depend on a record need to know of it from now on. */
  noteAbsence(record: RecordRef, outcome: Outcome): void {
    const { entityType, id } = record;
    if (outcome.result === 'filtered' || outcome.result === 'removed') return this.setGone(record, { kind: 'filtered' });
    this.around.gone?.note(record, undefined);
    if (!isDone(outcome)) this.setAbsence(record, { kind: 'held', on: 'on' in outcome ? outcome.on : { entityType, id } });
  }
}
