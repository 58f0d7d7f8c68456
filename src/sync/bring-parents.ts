import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import { heldFailure, inStepOf, recordErrored, unreadableErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import type { ParentFate } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { isLeftAlone, type InStep } from './rows.js';

export interface Brought {
  brought: number;
  fates: Map<string, ParentFate>;
  failures: RecordFailure[];
  inStep: InStep[];
}

/**
 * Fetches missing parents once from their source and carries them over, their own parents first. One whose row is open in the state that it has
 * now is left alone. @returns the fate of each that did not arrive.
 */
export async function bringParents(
  entityType: string,
  parent: EntityTypeParts,
  ids: string[],
  carrying: Carrying,
  c: Context,
): Promise<Brought> {
  const result: Brought = { brought: 0, fates: new Map(), failures: [], inStep: [] };
  const held = (id: string, on = { entityType, id }): void => void result.fates.set(id, { kind: 'held', on });
  const records: SourceRecord[] = [];
  for (const [id, record] of await fetched(parent, ids, c)) {
    if (!record || ('voided' in record && record.voided)) result.fates.set(id, { kind: 'filtered' });
    else if ('error' in record) {
      held(id);
      if (!carrying.rows.find(entityType, id)) result.failures.push(unreadableErrored({ ...record, id }, parent));
    } else if (isLeftAlone(carrying.rows.find(entityType, record.id), record.version)) held(id);
    else records.push(record);
  }
  const { outcomes, brought, failures, inStep } = await carry(records, parent, carrying, c);
  result.brought = brought;
  result.failures.push(...failures);
  result.inStep.push(...inStep);
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.fate === 'errored') {
      held(record.id);
      result.failures.push(recordErrored(record, outcome.error, parent));
    } else if (outcome?.fate === 'held') {
      held(record.id, outcome.on);
      result.failures.push(heldFailure(record, outcome.on, parent));
    } else {
      result.inStep.push(inStepOf(record, parent));
      if (outcome?.fate === 'filtered' || outcome?.fate === 'removed') result.fates.set(record.id, { kind: 'filtered' });
      else result.brought += 1;
    }
  });
  return result;
}

async function fetched(parent: EntityTypeParts, ids: string[], c: Context): Promise<[string, SourceRecord | Unreadable | undefined][]> {
  const found = await parent.source.fetch(ids, c);
  return ids.map((id) => [id, found.get(id)]);
}
