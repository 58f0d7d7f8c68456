import type { LookedAhead, Context, SourceRecord, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import type { Arrived, Attempt } from './attempt.js';
import type { Carrying } from './carry.js';
import { inStepOf } from './failures-of.js';
import { holdChildren, typesGoneBy } from './late-children.js';
import { withoutOutcome, type Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { writeAll } from './write-all.js';

type Within = Carrying & { attempt: Attempt };

/** A record on its way into the destination. */
export interface Write {
  record: SourceRecord;
  request: WriteRequest;
  unmapped: string[];
}

/** Writes, and finds out which records came to be in the destination thereby: before they do, their children are made to wait on them. */
export async function writeRecords(
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
    const late: Arrived[] = [];
    for (const { origin } of requests) {
      const { id } = origin;
      arrived.add(id);
      // An open row of its own does not close before its children were looked for.
      const record = byId.get(id);
      const children = !record || hasFailed(id) ? [] : await typesGoneBy(record, parts, within, c);
      if (record && children.length > 0) late.push({ parts, state: inStepOf(record, parts), children });
    }
    await holdChildren(late, within, c);
  };
  const outcomes = await writeAll(
    parts,
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

/** What a write's outcome means for its record. */
export function fateOf(outcome: WriteOutcome | undefined, unmapped: string[]): Outcome {
  switch (outcome?.kind) {
    case 'updated':
      return { fate: 'updated', unmapped, ...(outcome.adopted ? { adopted: true } : {}) };
    case 'created':
    case 'unchanged':
    case 'removed':
      return { fate: outcome.kind, unmapped };
    case 'absent':
      return { fate: 'filtered' };
    case 'refused':
      return { fate: 'errored', error: outcome.error };
    default:
      return withoutOutcome();
  }
}
