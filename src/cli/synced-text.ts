import type { EntityTypeParts } from '../sync/parts.js';
import { stampOfPlace } from '../sync/place.js';
import type { RecordSynced } from '../temporal/sync-record.js';
import { asTyped, showCommand } from '../temporal/errors/commands.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';

/** What became of a record, for a person at a terminal; `well`: it is in step, or filtered by rule. */
export function syncedText(
  { what, outcome, hadRow, unrecorded, stopped }: RecordSynced,
  id: string,
  parts: EntityTypeParts,
): { well: boolean; text: string } {
  const { name, from } = parts.definition;
  const record = inOneLine(`${name} ${id}`);
  const closed = hadRow ? ' Its errored record closes, once the children that wait on it are there.' : '';
  if (what === 'gone' && stampOfPlace(id) !== undefined) return freePlaceText(record, hadRow, from.system);
  if (what === 'gone') {
    const removed = outcome?.result === 'removed' || outcome?.result === 'updated' || outcome?.result === 'unchanged';
    if (removed)
      return { well: true, text: `${record}: ${from.system} has it no more; what was written for it is ${outcome.result}.${closed}` };
    return { well: hadRow, text: `${record}: ${from.system} has no such record, and nothing was written for it.${closed}` };
  }
  if (outcome?.result === 'errored') {
    const kept = unrecorded
      ? 'it cannot be read. The process opens an errored record for it when it meets it; none was opened now.'
      : stopped
        ? 'errored, of an error type that stops its type: its errored record, if it has one, is as it was.'
        : 'errored, and open as an errored record.';
    const lines = [`${record}: ${kept}`, ...errorText(outcome.error, parts.classify(outcome.error))];
    return { well: false, text: lines.join('\n  ') };
  }
  if (outcome?.result === 'held') {
    const { entityType, id: parent } = outcome.on;
    const on = inOneLine(`${entityType} ${parent}`);
    const show = asTyped(showCommand(`${parts.integration}/${parts.process}`, entityType, parent));
    return { well: false, text: `${record}: held. It waits on ${on}, which fails.\n  See it: ${show}` };
  }
  if (what === 'failing' || !outcome)
    return { well: false, text: `${record}: not settled yet; it stays open, and the error process tries it again.` };
  return { well: true, text: `${record}: ${outcome.result}.${closed}` };
}

/** A place, `@<stamp>#<slot>`, where a record that could not be read is looked for, and none is. */
function freePlaceText(record: string, hadRow: boolean, system: string): { well: boolean; text: string } {
  const nothing = `${record}: nothing stands there in ${system} that cannot be read`;
  return hadRow
    ? { well: true, text: `${nothing} any more. Its errored record closes; the record itself comes by its change, as any other.` }
    : { well: false, text: `${nothing}, and it has no errored record.` };
}
