import type { Context, SourceRecord } from '../connectors/connector.js';
import { carry } from './carry.js';
import type { Memory } from './memory.js';
import type { ParentFate } from './parents.js';
import type { EntityTypeParts } from './parts.js';

/** Fetches missing parents once from their source and carries them over, their own parents first. @returns the fate of each that did not arrive. */
export async function bringParents(
  entityType: string,
  parent: EntityTypeParts,
  ids: string[],
  memory: Memory,
  c: Context,
): Promise<{ brought: number; fates: Map<string, ParentFate> }> {
  const fates = new Map<string, ParentFate>();
  const fetched = await parent.source.fetch(ids, c);
  const records: SourceRecord[] = [];
  for (const id of ids) {
    const record = fetched.get(id);
    if (!record || ('voided' in record && record.voided)) fates.set(id, { kind: 'filtered' });
    else if ('error' in record) fates.set(id, { kind: 'failed', error: record.error });
    else records.push(record);
  }
  const { outcomes, brought } = await carry(records, parent, memory, c);
  let count = brought;
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.fate === 'errored' || outcome?.fate === 'held')
      fates.set(record.id, {
        kind: 'failed',
        error: { ...outcome.error, message: `Its ${entityType} ${record.id} could not be brought over: ${outcome.error.message}` },
      });
    else if (outcome?.fate === 'filtered' || outcome?.fate === 'removed') fates.set(record.id, { kind: 'filtered' });
    else count += 1;
  });
  return { brought: count, fates };
}
