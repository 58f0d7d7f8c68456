import type { RecordError } from '../errors/record-error.js';
import type { Edit } from './connector.js';

/**
 * The error of a record that is not written since somebody else changed it. `what`: as the
 * destination names it. Who did is in the detail, which is shown and not kept.
 */
export function editedElsewhere(what: string, { by, at }: Edit): RecordError {
  const message = `${what} was changed in the destination${at === undefined ? '' : ` at ${at}`} by others since Sangam wrote it.`;
  return {
    code: 'EditedElsewhere',
    message,
    remedy: 'Make the change in the system that owns the record and take it back here, or let the definition say whenEdited: overwrite.',
    ...(by === undefined ? {} : { detail: `${message} By: ${by}` }),
  };
}
