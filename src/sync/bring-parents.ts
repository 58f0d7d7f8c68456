import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import type { Attempt } from './attempt.js';
import { addBeside, nothingBeside, takeDown, type Beside } from './beside.js';
import { carry, type Carrying } from './carry.js';
import { decide } from './decide.js';
import { unfetched } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';
import { isLeftAlone } from './rows.js';

/**
 * Fetches missing parents once from their source and carries them over, their own parents first. One whose row is open in the state that it has
 * now is left alone. The attempt learns the fate of each that did not arrive. `policy` hold: it is only found out which of them will never come.
 */
export async function bringParents(
  entityType: string,
  parent: EntityTypeParts,
  ids: string[],
  policy: EntityTypeParts['definition']['whenParentMissing'],
  carrying: Carrying & { attempt: Attempt },
  c: Context,
): Promise<Beside> {
  const { rows, attempt } = carrying;
  const beside = nothingBeside();
  const records: SourceRecord[] = [];
  const hold = (id: string): void => attempt.setFate(entityType, id, { kind: 'held', on: { entityType, id } });
  const untried = ids.filter((id) => !attempt.fate(entityType, id));
  if (untried.length === 0) return beside;
  const found = await parent.source.fetch(untried, c);
  for (const id of untried) {
    const record = found.get(id);
    if (!record || isVoided(record)) attempt.setFate(entityType, id, { kind: 'filtered' });
    // Its own row would never close: it is right as it is, and its child names the wrong one.
    else if ('error' in record && record.error.code === 'OtherType')
      attempt.setFate(entityType, id, { kind: 'failed', error: record.error });
    else if ('error' in record) {
      hold(id);
      const row = rows.find(entityType, id);
      if (!row || row.state === 'releasing') beside.failures.push(unfetched({ ...record, id }, row, parent));
    } else if (isLeftAlone(rows.find(entityType, id), record.version)) hold(id);
    else if (policy === 'bring') records.push(record);
    else if (await isFiltered(record, parent, c.signal)) attempt.setFate(entityType, id, { kind: 'filtered' });
  }
  if (records.length === 0) return beside;
  const carried = await carry(records, parent, carrying, c);
  addBeside(beside, carried);
  takeDown(records, carried.outcomes, parent, attempt, beside);
  return beside;
}

function isVoided(record: SourceRecord | Unreadable): boolean {
  return 'voided' in record && record.voided;
}

async function isFiltered(record: SourceRecord, parent: EntityTypeParts, signal: AbortSignal): Promise<boolean> {
  const step = await decide(record, parent, signal);
  return 'removal' in step || ('outcome' in step && step.outcome.fate === 'filtered');
}
