import type { Context, Instant, LookedAhead, SourceRecord, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import { Attempt, keyOf } from './attempt.js';
import { addBeside, nothingBeside, type Beside } from './beside.js';
import { decide, leaving, type Step } from './decide.js';
import { inTurn } from './in-turn.js';
import { inStepOf } from './failures-of.js';
import type { Judging } from './judging.js';
import { carryLate, holdChildren, typesGoneBy } from './late-children.js';
import { mapRecord } from './map-record.js';
import type { Memory } from './memory.js';
import { Unbalanced, type Outcome } from './outcome.js';
import { resolveParents, type Resolved } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { removeChildren } from './remove-children.js';
import { requestOf } from './request-of.js';
import type { Rows } from './rows.js';
import { whileLooking } from './while-looking.js';
import { writeAll } from './write-all.js';

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
  /** What judges the records that are carried for others. Absent: all that fails with them is given back. */
  judging?: Judging;
  /** Of the page, or record, that this belongs to; `carry` makes it. */
  attempt?: Attempt;
}

type Within = Carrying & { attempt: Attempt };

interface Write {
  record: SourceRecord;
  request: WriteRequest;
  unmapped: string[];
}

/**
 * Takes records through filter, parents, mapping and writing: the one way any record is carried, page by page, as a parent, as a child or by
 * itself. What one record needs goes before it: parents where it is written, children where it is taken away. Children that had been passed by
 * follow. Two records of one id must not be given together.
 *
 * @throws SystemFailure, Cancelled; Unbalanced for a defect.
 */
export async function carry(records: SourceRecord[], parts: EntityTypeParts, carrying: Carrying, c: Context): Promise<Carried> {
  const { name } = parts.definition;
  const attempt =
    carrying.attempt ?? new Attempt(new Map(), new Set([...records.map(({ id }) => keyOf(name, id)), ...(carrying.given ?? [])]));
  const within: Within = { ...carrying, attempt };
  const carried: Carried = { outcomes: [], ...nothingBeside() };
  const judged = await judge(records, parts, within, carried, c);
  const { results, writes, outcomes, arrived } = await whileLooking(
    parts.destination,
    judged.coming.map((record) => requestOf(record, parts, 'upsert').origin),
    async (ahead) => {
      const prepared = await prepare(records, judged, parts, within, carried, c);
      return { ...prepared, ...(await write(prepared.writes, parts, within, ahead, c)) };
    },
    c,
  );
  writes.forEach(({ record, unmapped, request }, index) => {
    const outcome = fateOf(outcomes[index], unmapped);
    results.set(record.id, outcome);
    if (request.action === 'upsert') return;
    carrying.memory.forget(name, record.id);
    attempt.setFate(name, record.id, { kind: 'filtered' });
    if (outcome.fate === 'errored' || outcome.fate === 'held') return;
    // It is gone, as they are.
    const released = attempt.takeWaiting(name, record.id);
    if (released) results.set(record.id, { ...outcome, released });
  });
  carried.outcomes = records.map((record) => results.get(record.id) ?? defect());
  records.forEach((record, index) => {
    const arrives = arrived.has(record.id) && ['created', 'updated', 'unchanged'].includes(carried.outcomes[index]?.fate ?? '');
    const goneBy = arrives ? typesGoneBy(record, parts, carrying.passed) : [];
    const children = goneBy.filter((child) => !attempt.isChildless(name, record.id, child));
    if (children.length > 0) attempt.arrived.push({ parts, state: inStepOf(record, parts), children });
    const outcome = carried.outcomes[index];
    if (outcome?.fate === 'filtered') attempt.setFate(name, record.id, { kind: 'filtered' });
    if (outcome?.fate === 'errored') attempt.setFate(name, record.id, { kind: 'held', on: { entityType: name, id: record.id } });
    if (outcome?.fate === 'held') attempt.setFate(name, record.id, { kind: 'held', on: outcome.on });
  });
  if (carrying.attempt) return carried;
  await carryLate(attempt.arrived, within, carried, c);
  if (carrying.judging) carried.failures = carrying.judging.recordable(carried.failures);
  return carried;
}

interface Judged {
  steps: Step[];
  parents: Map<string, Resolved>;
  /** Those about which the destination is to be asked, and most likely to be told. */
  coming: SourceRecord[];
}

/** What is to become of each, with its parents brought over. Changes `beside`. */
async function judge(records: SourceRecord[], parts: EntityTypeParts, within: Within, beside: Beside, c: Context): Promise<Judged> {
  const steps = await inTurn(records, (record) => decide(record, parts));
  const upserts = records.filter((_record, index) => 'upsert' in (steps[index] ?? {}));
  const { parents, ...resolved } = await resolveParents(upserts, parts, within, c);
  addBeside(beside, resolved);
  const waits = ({ id }: SourceRecord): boolean => ['errored', 'held'].includes(fateIn(parents.get(id)));
  const coming = records.filter((record, index) => !('outcome' in (steps[index] ?? {})) && !waits(record));
  return { steps, parents, coming };
}

/** Everything else before writing. Changes `beside`. */
async function prepare(
  records: SourceRecord[],
  { steps, parents: resolved }: Judged,
  parts: EntityTypeParts,
  within: Within,
  beside: Beside,
  c: Context,
): Promise<{ results: Map<string, Outcome>; writes: Write[] }> {
  const results = new Map<string, Outcome>();
  const prepared = await inTurn(records, async (record, index): Promise<Write[]> => {
    let step = steps[index] ?? defect();
    const parents = resolved.get(record.id);
    if ('upsert' in step) {
      if (parents && 'scope' in parents) {
        const mapped = await mapRecord(record, parts, parents.scope);
        if ('request' in mapped) return [{ record, ...mapped }];
        step = { outcome: mapped };
      } else step = !parents || parents.fate === 'filtered' ? leaving(parts.definition.whenNoLonger) : { outcome: parents };
    }
    if ('removal' in step) return [{ record, request: requestOf(record, parts, step.removal), unmapped: [] }];
    if ('outcome' in step) results.set(record.id, step.outcome);
    return [];
  });
  const writes = prepared.flat();
  const going = writes.flatMap(({ record, request }) => (request.action === 'upsert' ? [] : [{ record, action: request.action }]));
  const removed = await removeChildren(going, parts, within, c);
  addBeside(beside, removed);
  for (const [id, error] of removed.remaining) results.set(id, { fate: 'errored', error });
  return { results, writes: writes.filter(({ record }) => !removed.remaining.has(record.id)) };
}

/** Writes, and finds out which records came to be in the destination thereby: before they do, their children are made to wait on them. */
async function write(
  writes: Write[],
  parts: EntityTypeParts,
  within: Within,
  ahead: LookedAhead | undefined,
  c: Context,
): Promise<{ outcomes: WriteOutcome[]; arrived: Set<string> }> {
  const { passed, rows } = within;
  const arrived = new Set<string>();
  const hasFailed = (id: string): boolean => (rows.find(parts.definition.name, id)?.state ?? 'releasing') !== 'releasing';
  const byId = new Map(writes.map(({ record }) => [record.id, record]));
  const arriving = async (requests: WriteRequest[]): Promise<void> => {
    const late = requests.flatMap(({ origin: { id } }) => {
      arrived.add(id);
      // An open row of its own does not close before its children were looked for.
      const record = byId.get(id);
      const children = !record || hasFailed(id) ? [] : typesGoneBy(record, parts, passed);
      return record && children.length > 0 ? [{ parts, state: inStepOf(record, parts), children }] : [];
    });
    await holdChildren(late, within, c);
  };
  const outcomes = await writeAll(
    parts.destination,
    writes.map(({ request }) => request),
    c,
    passed && Object.keys(parts.children).length > 0 ? arriving : undefined,
    ahead,
  );
  writes.forEach(({ record: { id }, request }, index) => {
    const outcome = outcomes[index];
    // One that failed until now may have arrived, or lost its children, in a try that did not end.
    const mended = request.action === 'upsert' && (hasFailed(id) || within.late === true);
    if (outcome?.kind === 'created' || (outcome && 'revived' in outcome) || mended) arrived.add(id);
  });
  return { outcomes, arrived };
}

function fateOf(outcome: WriteOutcome | undefined, unmapped: string[]): Outcome {
  switch (outcome?.kind) {
    case 'created':
    case 'updated':
    case 'unchanged':
    case 'removed':
      return { fate: outcome.kind, unmapped };
    case 'absent':
      return { fate: 'filtered' };
    case 'refused':
      return { fate: 'errored', error: outcome.error };
    default:
      return defect();
  }
}

function fateIn(resolved: Resolved | undefined): string {
  return resolved && 'fate' in resolved ? resolved.fate : '';
}

function defect(): never {
  throw new Unbalanced('A record came out of the pipeline without an outcome');
}
