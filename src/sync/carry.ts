import type { Context, Instant, SourceRecord, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import type { Removal } from '../definition/definition.js';
import { MappingFailed } from '../mapping/mapping.js';
import type { RecordFailure } from './failures.js';
import type { Memory } from './memory.js';
import { inTurn } from './in-turn.js';
import type { InStep, Rows } from './rows.js';
import { requestOf } from './request-of.js';
import { Unbalanced, type Outcome } from './outcome.js';
import { resolveParents } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { writeAll } from './write-all.js';

export interface Carried {
  /** One outcome per record, in order. */
  outcomes: Outcome[];
  /** Parents that were brought over first, and children of late parents. */
  brought: number;
  /** Records beside those given, such as parents, that failed or are held on the way. */
  failures: RecordFailure[];
  /** Records beside those given that are in step now. */
  inStep: InStep[];
}

/** What one execution carries records with. */
export interface Carrying {
  memory: Memory;
  rows: Rows;
  /** Where the types that depend on this one got to; null: never synced, absent: no late parents are looked for. */
  passed?: Record<string, Instant | null>;
}

/** A record on its way: decided already, or waiting for its parents. */
type Step = { outcome: Outcome } | { removal: Exclude<Removal, 'keep'> } | { upsert: true };

/**
 * Takes records through filter, parents, mapping and writing: the one way any record is carried, page by page, as a parent or by itself.
 * Two records of one id must not be given together.
 *
 * @throws SystemFailure, Cancelled; Unbalanced for a defect.
 */
export async function carry(records: SourceRecord[], parts: EntityTypeParts, { memory, rows }: Carrying, c: Context): Promise<Carried> {
  const steps = await inTurn(records, (record) => decide(record, parts));
  const upserts = records.filter((_record, index) => 'upsert' in (steps[index] ?? {}));
  const resolved = await resolveParents(upserts, parts, { memory, rows }, c);
  const results = new Map<string, Outcome>();
  const requests: { record: SourceRecord; request: WriteRequest; unmapped: string[] }[] = [];
  await inTurn(records, async (record, index) => {
    const step = steps[index];
    if (!step) return;
    if ('outcome' in step) return void results.set(record.id, step.outcome);
    if ('removal' in step) return void requests.push({ record, request: requestOf(record, parts, step.removal), unmapped: [] });
    const parents = resolved.parents.get(record.id);
    if (!parents || 'fate' in parents) {
      if (parents?.fate === 'filtered' && parts.definition.whenNoLonger !== 'keep')
        return void requests.push({ record, request: requestOf(record, parts, parts.definition.whenNoLonger), unmapped: [] });
      return void results.set(record.id, parents ?? { fate: 'filtered' });
    }
    const mapped = await mapRecord(record, parts, parents.scope);
    if ('fate' in mapped) results.set(record.id, mapped);
    else requests.push({ record, ...mapped });
  });
  const outcomes = await writeAll(
    parts.destination,
    requests.map(({ request }) => request),
    c,
  );
  requests.forEach(({ record, unmapped }, index) => results.set(record.id, fateOf(outcomes[index], unmapped)));
  return {
    outcomes: records.map((record) => results.get(record.id) ?? defect()),
    brought: resolved.brought,
    failures: resolved.failures,
    inStep: resolved.inStep,
  };
}

async function decide(record: SourceRecord, { definition, mapping }: EntityTypeParts): Promise<Step> {
  try {
    const policy = record.voided ? definition.whenVoided : (await mapping.accepts(record.body)) ? undefined : definition.whenNoLonger;
    if (policy === undefined) return { upsert: true };
    return policy === 'keep' ? { outcome: { fate: 'filtered' } } : { removal: policy };
  } catch (error) {
    return { outcome: erroredBy(error) };
  }
}

async function mapRecord(
  record: SourceRecord,
  parts: EntityTypeParts,
  scope: Parameters<EntityTypeParts['mapping']['map']>[1],
): Promise<Outcome | { request: WriteRequest; unmapped: string[] }> {
  try {
    const { resources, unmapped } = await parts.mapping.map(record.body, scope);
    const keys = await parts.mapping.keys(record.body);
    const shaped: WriteRequest['resources'] = [];
    for (const [name, mapped] of Object.entries(resources)) {
      const shape = parts.destination.shape(name, mapped);
      if (!shape) continue;
      if ('error' in shape) return { fate: 'errored', error: { ...shape.error, expression: `map.${name}` } };
      const key = keys[name];
      shaped.push({ name, ...shape, ...(key ? { key } : {}) });
    }
    // Nothing left of it: what was once written for it goes.
    return { request: shaped.length > 0 ? requestOf(record, parts, 'upsert', shaped) : requestOf(record, parts, 'remove'), unmapped };
  } catch (error) {
    return erroredBy(error);
  }
}

function erroredBy(error: unknown): Outcome {
  if (error instanceof MappingFailed) return { fate: 'errored', error: error.error };
  throw error;
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

function defect(): never {
  throw new Unbalanced('A record came out of the pipeline without an outcome');
}
