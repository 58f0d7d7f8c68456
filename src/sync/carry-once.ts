import type { Context, SourceRecord, WriteOutcome } from '../connectors/connector.js';
import { Attempt, keyOf } from './attempt.js';
import { addBeside, nothingBeside, type Beside } from './beside.js';
import type { Carried, Carrying } from './carry.js';
import { decide, leaving, type Step } from './decide.js';
import { inTurn } from './in-turn.js';
import { inStepOf } from './failures-of.js';
import { carryLate, typesGoneBy } from './late-children.js';
import { askMapping, mapRecord } from './map-record.js';
import { mayMeet } from './others.js';
import { withoutOutcome, type Outcome } from './outcome.js';
import { resolveParents, type Resolved } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { removeChildren, removeLeft } from './remove-children.js';
import { requestOf } from './request-of.js';
import { whileLooking } from './while-looking.js';
import { fateOf, writeRecords, type Write } from './write-records.js';

type Within = Carrying & { attempt: Attempt };

/** What `carry` gives, and which of the records were taken away for want of a parent alone. */
export interface CarriedOnce extends Carried {
  forParents: SourceRecord[];
}

/** One go of `carry`. @throws as it does. */
export async function carryOnce(records: SourceRecord[], parts: EntityTypeParts, carrying: Carrying, c: Context): Promise<CarriedOnce> {
  const { name } = parts.definition;
  const attempt =
    carrying.attempt ?? new Attempt(new Map(), new Set([...records.map(({ id }) => keyOf(name, id)), ...(carrying.given ?? [])]));
  const within: Within = { ...carrying, attempt };
  const carried: CarriedOnce = { outcomes: [], forParents: [], ...nothingBeside() };
  const judged = await judge(records, parts, within, carried, c);
  const { results, writes, outcomes, arrived } = await whileLooking(
    parts.destination,
    judged.coming.map((record) => requestOf(record, parts, 'upsert').origin),
    async (ahead) => {
      const prepared = await prepare(records, judged, parts, within, carried, c);
      return { ...prepared, ...(await writeRecords(prepared.writes, parts, within, ahead, c)) };
    },
    c,
  );
  writes.forEach(({ record, unmapped, request }, index) => {
    const outcome = fateOf(outcomes[index], unmapped);
    results.set(record.id, request.action === 'upsert' ? outcome : takenAway(record, outcome, parts, within));
  });
  const gone = writes.flatMap(({ record, request }, index) => (request.action !== 'upsert' && changed(outcomes[index]) ? [record] : []));
  carried.forParents = gone.filter(({ id }) => fateIn(judged.parents.get(id)) === 'filtered');
  carried.outcomes = records.map((record) => results.get(record.id) ?? withoutOutcome());
  if (mayMeet(parts, 'family', carrying)) {
    const ids = gone.map(({ id }) => id);
    addBeside(carried, await removeLeft(ids, parts, within, c));
  }
  await noteFates(records, carried.outcomes, arrived, parts, within, c);
  if (carrying.attempt) return carried;
  await carryLate(attempt.arrived, within, carried, c);
  if (carrying.judging) carried.failures = carrying.judging.recordable(carried.failures);
  return carried;
}

/** The outcome of one that is removed or marked: those of its children that were made to wait on it are gone as it is. */
function takenAway({ id }: SourceRecord, outcome: Outcome, parts: EntityTypeParts, { memory, attempt }: Within): Outcome {
  const { name } = parts.definition;
  memory.forget(name, id);
  attempt.setFate(name, id, { kind: 'filtered' });
  if (outcome.fate === 'errored' || outcome.fate === 'held') return outcome;
  const released = attempt.takeWaiting(name, id);
  return released ? { ...outcome, released } : outcome;
}

/** What those who depend on these records need to know of them, within this attempt. */
async function noteFates(
  records: SourceRecord[],
  outcomes: Outcome[],
  arrived: Set<string>,
  parts: EntityTypeParts,
  within: Within,
  c: Context,
): Promise<void> {
  const { name } = parts.definition;
  const { attempt } = within;
  for (const [index, record] of records.entries()) {
    const outcome = outcomes[index];
    const arrives = arrived.has(record.id) && ['created', 'updated', 'unchanged'].includes(outcome?.fate ?? '');
    const goneBy = arrives ? await typesGoneBy(record, parts, within, c) : [];
    const children = goneBy.filter((child) => !attempt.isChildless(name, record.id, child));
    if (children.length > 0) attempt.arrived.push({ parts, state: inStepOf(record, parts), children });
    if (outcome?.fate === 'filtered') attempt.setFate(name, record.id, { kind: 'filtered' });
    if (outcome?.fate === 'errored') attempt.setFate(name, record.id, { kind: 'held', on: { entityType: name, id: record.id } });
    if (outcome?.fate === 'held') attempt.setFate(name, record.id, { kind: 'held', on: outcome.on });
  }
}

interface Judged {
  steps: Step[];
  parents: Map<string, Resolved>;
  /** Those about which the destination is to be asked, and most likely to be told. */
  coming: SourceRecord[];
}

/** What is to become of each, with its parents brought over. Changes `beside`. */
async function judge(records: SourceRecord[], parts: EntityTypeParts, within: Within, beside: Beside, c: Context): Promise<Judged> {
  const steps = await Promise.all(records.map((record) => decide(record, parts, c.signal)));
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
  const asked = records.map((record, index) => {
    const parents = 'upsert' in (steps[index] ?? {}) ? resolved.get(record.id) : undefined;
    return parents && 'scope' in parents ? askMapping(record, parts, parents.scope, c.signal) : undefined;
  });
  const prepared = await inTurn(records, async (record, index): Promise<Write[]> => {
    let step = steps[index] ?? withoutOutcome();
    const parents = resolved.get(record.id);
    if ('upsert' in step) {
      const mapping = asked[index];
      if (mapping) {
        const mapped = await mapRecord(record, parts, mapping);
        if ('request' in mapped) return [{ record, ...mapped }];
        step = { outcome: mapped };
      } else
        step =
          !parents || !('fate' in parents) || parents.fate === 'filtered' ? leaving(parts.definition.whenNoLonger) : { outcome: parents };
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

/** Whether something was there that is not, or not so, any more. */
function changed(outcome: WriteOutcome | undefined): boolean {
  return outcome?.kind === 'removed' || outcome?.kind === 'updated';
}

function fateIn(resolved: Resolved | undefined): string {
  return resolved && 'fate' in resolved ? resolved.fate : '';
}
