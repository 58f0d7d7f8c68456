import type { FoundProcess } from '../src/assembly/integration-store.js';
import type { Stop } from '../src/model/stop.js';

/** Why an activity does not go on under the definition it was given. */
export function definitionChanged(found: FoundProcess): Stop {
  if ('missing' in found)
    return { code: found.missing, message: found.message, remedy: 'Put a valid definition into the worker’s folder.', needs: 'person' };
  return {
    code: 'DefinitionChanged',
    message: 'The definition changed while this cycle ran; the next cycle follows the new one.',
    remedy: 'Nothing to do.',
    needs: 'person',
  };
}
