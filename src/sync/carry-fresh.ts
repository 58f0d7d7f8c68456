import type { Context, Instant, SourceRecord, Unreadable } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import type { RetryWork } from './retry.js';
import type { InStep, OpenRow } from './rows.js';

/** Records as their source has them now; undefined: it has them no more. */
export type Fresh = Map<string, SourceRecord | Unreadable | undefined>;

export interface Settled {
  record: SourceRecord;
  outcome: Outcome;
  /** Its source has it no more. */
  absent: boolean;
}

/** How often a record that changes while it is written is written again before it is left for the next pass. */
const MOST_ROUNDS = 5;

/**
 * Carries records that were just read, reads them once more and repeats where they changed meanwhile, so that the destination ends with the newest state whoever else
 * writes: the regular process may have written a newer one in between. What changes every time is looked at again in the next pass, also where its row was closed
 * meanwhile. `given` is of the entity type of `parts`, each id once.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function carryFresh(
  given: Fresh,
  parts: EntityTypeParts,
  carrying: Carrying,
  work: RetryWork,
  c: Context,
): Promise<{ settled: Settled[]; unreadable: (Unreadable & { id: string })[]; unsure: string[] }> {
  const settled: Settled[] = [];
  const unreadable: (Unreadable & { id: string })[] = [];
  let rest = given;
  for (let round = 1; rest.size > 0 && round <= MOST_ROUNDS; round += 1) {
    if ([...rest.values()].includes(undefined)) await work.expectHealthy(c);
    const records: SourceRecord[] = [];
    for (const [id, record] of rest) {
      if (record && 'error' in record) unreadable.push({ ...record, id });
      else records.push(record ?? absentRecord(id, work.rows.find(parts.definition.name, id), work.now()));
    }
    const outcomes = await carryAll(records, parts, carrying, work, c);
    const changed = await changedSince(
      records.filter(({ id }) => rest.get(id) !== undefined),
      parts,
      c,
    );
    for (const record of records) {
      const outcome = outcomes.get(record);
      if (outcome && !changed.has(record.id)) settled.push({ record, outcome, absent: rest.get(record.id) === undefined });
    }
    rest = changed;
  }
  const unsure = [...rest.keys()];
  await work.rows.lookAgain(unsure.map((id) => ({ entityType: parts.definition.name, id })));
  return { settled, unreadable, unsure };
}

/**
 * A record that is gone goes the way of a voided one: the removal policy of its type applies. It counts as the state its row has: with a newer one each try would be the
 * first, and the record could not close its row once its source has it again.
 */
function absentRecord(id: string, row: OpenRow | undefined, now: Instant): SourceRecord {
  const { version, stamp } = row && row.version !== '' ? row : { version: now, stamp: now };
  return { id, version, modified: stamp, voided: true, body: {} };
}

async function carryAll(
  records: SourceRecord[],
  parts: EntityTypeParts,
  carrying: Carrying,
  { rows, types }: RetryWork,
  c: Context,
): Promise<Map<SourceRecord, Outcome>> {
  const { outcomes, failures, inStep } = await carry(records, parts, carrying, c);
  await rows.record(failures, c);
  const stale = await changedBeside(inStep, types, c);
  await rows.lookAgain(stale);
  await rows.inStep(
    inStep.filter((each) => !stale.includes(each)),
    c,
  );
  return new Map(records.flatMap((record, index) => (outcomes[index] ? [[record, outcomes[index]] as const] : [])));
}

/** Those whose state is another than the one carried, as they are now. */
async function changedSince(records: SourceRecord[], { source }: EntityTypeParts, c: Context): Promise<Fresh> {
  if (records.length === 0) return new Map();
  const now = await source.fetch(
    records.map(({ id }) => id),
    c,
  );
  return new Map(
    records.flatMap((record) => {
      const fresh = now.get(record.id);
      return fresh && !('error' in fresh) && fresh.version === record.version ? [] : [[record.id, fresh] as const];
    }),
  );
}

/** Those carried for the sake of others that have a newer state by now: which of the two was written last is not known. */
async function changedBeside(inStep: InStep[], types: RetryWork['types'], c: Context): Promise<InStep[]> {
  const changed: InStep[] = [];
  for (const [entityType, { source }] of Object.entries(types)) {
    const carried = inStep.filter((each) => each.entityType === entityType);
    if (carried.length === 0) continue;
    const now = await source.fetch(
      carried.map(({ id }) => id),
      c,
    );
    for (const each of carried) {
      const fresh = now.get(each.id);
      if (fresh && !('error' in fresh) && fresh.version !== each.version) changed.push(each);
    }
  }
  return changed;
}
