import type { Context, Instant, SourceRecord } from '../connectors/connector.js';
import { keyOf, type Attempt } from './attempt.js';
import { addBeside, type Beside } from './beside.js';
import { carryOnce } from './carry-once.js';
import type { Judging } from './judging.js';
import type { Memory } from './memory.js';
import type { Outcome } from './outcome.js';
import { mayMeet, unsettled } from './others.js';
import type { EntityTypeParts } from './parts.js';
import type { Rows } from './rows.js';

/** One outcome per record, in order; and what came of others on the way, such as parents and the children of late ones. */
export interface Carried extends Beside {
  outcomes: Outcome[];
}

/** What one execution carries records with. */
export interface Carrying {
  memory: Memory;
  rows: Rows;
  /**
   * Where the types of the process got to; null: never synced, so that it has passed nothing by. A type that is not named may have passed by anything. Absent: no
   * late parents are looked for.
   */
  passed?: Record<string, Instant | null>;
  /** Every record that is written counts as one that just arrived: its children may have been removed, though it was not. */
  late?: true;
  /** By `keyOf`: other records that are durably to be carried, so that none of them need follow a late parent. */
  given?: ReadonlySet<string>;
  /** For the error process, which shares all it touches with the regular one. */
  retrying?: true;
  /** What judges the records that are carried for others. Absent: all that fails with them is given back. */
  judging?: Judging;
  /** Of the page, or record, that this belongs to; `carry` makes it. */
  attempt?: Attempt;
}

/** How often records are carried again whose parents came or went meanwhile, before they are left as they are. */
const MOST_ROUNDS = 3;

/**
 * Takes records through filter, parents, mapping and writing: the one way any record is carried, page by page, as a parent, as a child or by
 * itself. What one record needs goes before it: parents where it is written, children where it is taken away. Children that had been passed by
 * follow. Two records of one id must not be given together.
 *
 * The regular and the error process may do this at the same time: whoever wrote looks once more at what it relied on, so that of two that cross each other one sees the other.
 *
 * @throws SystemFailure, Cancelled; Unbalanced for a defect.
 */
export async function carry(records: SourceRecord[], parts: EntityTypeParts, carrying: Carrying, c: Context): Promise<Carried> {
  const carried = await carryOnce(records, parts, carrying, c);
  if (!mayMeet(parts, 'parents', carrying)) return carried;
  const { attempt, ...afresh } = carrying;
  const own = records.map(({ id }) => keyOf(parts.definition.name, id));
  const given = new Set([...own, ...(carrying.given ?? []), ...(attempt?.given ?? [])]);
  let last = carried;
  let rest = records;
  for (let round = 1; round < MOST_ROUNDS; round += 1) {
    rest = await unsettled(rest, last, parts, carrying, c);
    if (rest.length === 0) break;
    last = await carryOnce(rest, parts, { ...afresh, given }, c);
    addBeside(carried, last);
    rest.forEach((record, index) => {
      const outcome = last.outcomes[index];
      if (outcome) carried.outcomes[records.indexOf(record)] = outcome;
    });
  }
  return carried;
}
