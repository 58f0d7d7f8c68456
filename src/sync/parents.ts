import type { Context, SourceRecord } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import type { MappingScope } from '../mapping/mapping.js';
import { getOwn } from '../model/keyed.js';
import type { RecordRef } from '../model/record-key.js';
import type { Absence } from './absence.js';
import type { Batch } from './batch.js';
import { unfetched } from './failures-of.js';
import { findParents } from './find-parents.js';
import type { GoneInCycle } from './gone-in-cycle.js';
import { decideAll, type Item } from './item.js';
import type { Awaiting, Errored, Held } from './outcome.js';
import { firstName, parentAwaited, type EntityTypeParts } from './parts.js';
import { isLeftAlone } from './rows.js';

/** Records of one entity type that a batch has to process. */
export interface Step {
  parts: EntityTypeParts;
  items: Item[];
}

/**
 * The steps of a batch, root first: those of the parents that are missing in the destination, and
 * of theirs, then the records given. Each missing parent is fetched once from its source; what is
 * not brought over is known as absent.
 */
export async function collectSteps(records: SourceRecord[], parts: EntityTypeParts, batch: Batch, c: Context): Promise<Step[]> {
  const steps = new Map<string, Step>([[parts.definition.name, { parts, items: await decideAll(records, parts, 'given', c.signal) }]]);
  for (const type of [...parts.types].reverse()) {
    const step = steps.get(type.definition.name);
    if (!step) continue;
    for (const [name, parent] of Object.entries(type.parents)) {
      const missing = await collectParents(step, parent, batch, c);
      const queued = steps.get(name)?.items ?? [];
      if (missing.length > 0) steps.set(name, { parts: parent, items: [...queued, ...missing] });
    }
  }
  return parts.types.flatMap(({ definition: { name } }) => steps.get(name) ?? []);
}

/**
 * The parents of one type that are missing, or marked as no longer valid, and to be brought over.
 */
async function collectParents({ parts, items }: Step, parent: EntityTypeParts, batch: Batch, c: Context): Promise<Item[]> {
  const { name: entityType } = parent.definition;
  const { whenParentMissing } = parts.definition;
  if (whenParentMissing === 'filter' || whenParentMissing === 'fail') return [];
  const ids = parentIds(items, parent).filter((id) => !batch.absence({ entityType, id }) && !batch.isQueued({ entityType, id }));
  const missing = await findParents(ids, parent, parts, 'missing', batch, c);
  if (missing.length === 0) return [];
  const found = await decideAll(await fetchParents(missing, parent, parts, batch, c), parent, 'parent', c.signal);
  if (whenParentMissing === 'bring') {
    for (const { record } of found) batch.setQueued({ entityType, id: record.id });
    return found;
  }
  // Nothing is brought over: it is only found out which of them will never come.
  for (const { record, decision } of found)
    if (decision.kind === 'filtered' || decision.kind === 'removal') batch.setGone({ entityType, id: record.id }, { kind: 'filtered' });
  return [];
}

/**
 * Those that may come; of the others the batch learns why they do not. One whose row is open in the
 * state it has is left alone.
 */
async function fetchParents(
  ids: string[],
  parent: EntityTypeParts,
  child: EntityTypeParts,
  batch: Batch,
  c: Context,
): Promise<SourceRecord[]> {
  const { name: entityType } = parent.definition;
  const gone = goneOf(parent, batch);
  const unknown = ids.filter((id) => {
    const why = gone?.why({ entityType, id });
    if (why) batch.setAbsence({ entityType, id }, why);
    return !why;
  });
  const found = unknown.length > 0 ? await parent.source.fetch(unknown, c) : new Map<string, never>();
  const voided: string[] = [];
  const coming = unknown.flatMap((id): SourceRecord[] => {
    const ref = { entityType, id };
    const record = found.get(id);
    const row = batch.around.rows.find(entityType, id);
    if (child.unlistedBy?.includes(entityType) && record && 'voided' in record && record.voided) voided.push(id);
    else if (!record || ('voided' in record && record.voided)) batch.setGone(ref, { kind: 'filtered' });
    // Its own row would never close: it is right as it is, and its child names the wrong one.
    else if ('error' in record && MISNAMED.has(record.error.code)) batch.setGone(ref, { kind: 'failed', error: record.error });
    else if ('error' in record) {
      batch.setAbsence(ref, { kind: 'held', on: ref });
      if (!row || row.state === 'releasing') batch.failures.push(unfetched({ ...record, id }, row, parent));
    } else if (isLeftAlone(row, record.version)) batch.setAbsence(ref, { kind: 'held', on: ref });
    else return [record];
    return [];
  });
  await findVoided(voided, parent, child, batch, c);
  return coming;
}

/**
 * Children that their source cannot list keep pointing to a parent that is voided and so marked:
 * nothing would bring them back with it. Where it never came, they wait for it.
 */
async function findVoided(ids: string[], parent: EntityTypeParts, child: EntityTypeParts, batch: Batch, c: Context): Promise<void> {
  const { name: entityType } = parent.definition;
  for (const id of await findParents(ids, parent, child, 'there', batch, c))
    batch.setAbsence({ entityType, id }, { kind: 'awaited', error: parentAwaited(entityType, child.definition.to.system) });
}

/** Errors of a parent that is right as it is, under another type or id than its child names. */
const MISNAMED: ReadonlySet<string> = new Set(['OtherType', 'OtherRecord']);

/**
 * What this cycle saw go. Not where children cannot be listed: they do not follow a parent that
 * comes back, so that it is read afresh.
 */
function goneOf({ children }: EntityTypeParts, { around }: Batch): GoneInCycle | undefined {
  return Object.values(children).some(({ unlisted }) => unlisted) ? undefined : around.gone;
}

/**
 * Looks once more for parents that were missing, now that those that could be brought over were: a
 * marked one whose source has nothing against it is there after all. To be called before their
 * children are resolved.
 */
export async function findBrought({ parts, items }: Step, batch: Batch, c: Context): Promise<void> {
  const { whenParentMissing } = parts.definition;
  for (const [entityType, parent] of Object.entries(parts.parents)) {
    const expected = parentIds(items, parent).filter((id) => !batch.absence({ entityType, id }));
    // Where nothing is asked of their source, one that is marked is gone.
    const marked = whenParentMissing === 'bring' || whenParentMissing === 'hold' ? 'there' : 'missing';
    for (const id of await findParents(expected, parent, parts, marked, batch, c)) {
      const ref = { entityType, id };
      batch.setAbsence(ref, absenceOf(ref, whenParentMissing));
    }
  }
}

/**
 * A record's parents are all there, and what `$parent` and `$ref` give it; or what becomes of it
 * otherwise.
 */
export type Resolved = { scope: MappingScope } | { result: 'filtered' } | Errored | Held | Awaiting;

/** A parent that never comes decides, whatever becomes of the others. */
export function resolveParents(
  { parents: named, found: elsewhere }: Item,
  { parents, destination }: EntityTypeParts,
  batch: Batch,
): Resolved {
  const { memory } = batch.around;
  const own = Object.entries(parents).flatMap(([entityType, parent]) => {
    const id = getOwn(named, entityType);
    if (id === undefined || memory.get(entityType, id, firstName(parent))) return [];
    return batch.absence({ entityType, id }) ?? { kind: 'failed' as const, error: notThere(entityType) };
  });
  const absences = [...own, ...[...elsewhere.values()].flatMap((each) => ('kind' in each ? each : []))];
  const absence = absences.find(({ kind }) => kind === 'filtered') ?? absences[0];
  if (absence?.kind === 'filtered') return { result: 'filtered' };
  if (absence?.kind === 'held') return { result: 'held', on: absence.on };
  if (absence?.kind === 'awaited') return { result: 'held', error: absence.error };
  if (absence) return { result: 'errored', error: absence.error };
  return {
    scope: {
      parent: (entityType, name) => {
        const id = getOwn(named, entityType);
        const parent = getOwn(parents, entityType);
        const other = elsewhere.get(entityType);
        if (other && 'id' in other) return destination.reference(other);
        const found = id === undefined || !parent ? undefined : memory.get(entityType, id, name ?? firstName(parent));
        return found && destination.reference(found);
      },
      ref: (name) => destination.placeholder(name),
    },
  };
}

/** The parents of one type that any of these are to be written with, each once. */
function parentIds(items: Item[], { definition: { name } }: EntityTypeParts): string[] {
  return [...new Set(items.flatMap(({ decision, parents }) => (decision.kind === 'upsert' ? (getOwn(parents, name) ?? []) : [])))];
}

function absenceOf(ref: RecordRef, policy: EntityTypeParts['definition']['whenParentMissing']): Absence {
  if (policy === 'hold') return { kind: 'held', on: ref };
  if (policy === 'filter') return { kind: 'filtered' };
  return { kind: 'failed', error: policy === 'bring' ? notThere(ref.entityType) : notBrought(ref.entityType) };
}

function notBrought(entityType: string): RecordError {
  return {
    code: 'ParentMissing',
    message: `Its ${entityType} is not in the destination, and is not brought over for it.`,
    remedy: `See why ${entityType} has not come; this one is tried again by itself.`,
  };
}

function notThere(entityType: string): RecordError {
  return {
    code: 'ParentMissing',
    message: `Its ${entityType} was brought over, but the destination does not find it.`,
    remedy: 'See whether the destination’s search index lags behind; it is tried again by itself.',
  };
}
