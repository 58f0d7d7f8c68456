import { asTyped, showCommand } from '../temporal/errors/commands.js';
import { stampOfPlace } from '../sync/place.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';
import type { SyncRecordResult } from '../model/turns.js';

interface Asked {
  process: string;
  entityType: string;
  id: string;
}

/**
 * What became of a record, for a person at a terminal; `well`: it is in step, or filtered by rule.
 */
export function syncedText(result: SyncRecordResult, { process, entityType, id }: Asked): { well: boolean; text: string } {
  const { what, outcome, error, on, hadRow, unrecorded, stopped } = result;
  const record = inOneLine(`${entityType} ${id}`);
  const closed = hadRow ? ' Its errored record closes, once the children that wait on it are there.' : '';
  if (stopped && !error) return { well: false, text: `${record}: ${inOneLine(`${stopped.message} ${stopped.remedy} (${stopped.code})`)}` };
  if (what === 'gone' && stampOfPlace(id) !== undefined) return freePlaceText(record, hadRow);
  if (what === 'gone') {
    if (outcome === 'removed' || outcome === 'updated' || outcome === 'unchanged')
      return { well: true, text: `${record}: its source has it no more; what was written for it is ${outcome}.${closed}` };
    return { well: hadRow, text: `${record}: its source has no such record, and nothing was written for it.${closed}` };
  }
  if (error) {
    if (outcome === 'held') return { well: false, text: [`${record}: held.`, ...errorText(error, error)].join('\n  ') };
    const kept = unrecorded
      ? 'it cannot be read. The process opens an errored record for it when it meets it; none was opened now.'
      : stopped
        ? 'errored, of an error type that stops its type: its errored record, if it has one, is as it was.'
        : 'errored, and open as an errored record.';
    const more = `The whole text: ${inOneLine(asTyped(showCommand(process, entityType, id)))}`;
    return { well: false, text: [`${record}: ${kept}`, ...errorText(error, error), more].join('\n  ') };
  }
  if (outcome === 'held' && on) {
    const parent = inOneLine(`${on.entityType} ${on.id}`);
    const show = inOneLine(asTyped(showCommand(process, on.entityType, on.id)));
    return { well: false, text: `${record}: held. It waits on ${parent}, which fails.\n  See it: ${show}` };
  }
  if (what === 'failing' || outcome === undefined)
    return { well: false, text: `${record}: not settled yet; it stays open, and is tried again by itself.` };
  return { well: true, text: `${record}: ${outcome}.${closed}` };
}

/** A place, `@<stamp>#<slot>`, where a record that could not be read is looked for, and none is. */
function freePlaceText(record: string, hadRow: boolean): { well: boolean; text: string } {
  const nothing = `${record}: nothing stands there in its source that cannot be read`;
  return hadRow
    ? { well: true, text: `${nothing} any more. Its errored record closes; the record itself comes by its change, as any other.` }
    : { well: false, text: `${nothing}, and it has no errored record.` };
}
