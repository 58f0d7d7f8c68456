import { SystemFailure } from '../../errors/system-failure.js';
import type { Context, SourceHealth } from '../connector.js';
import type { KnownType } from './known-type.js';
import type { AvniLister } from './lister.js';

/**
 * Whether Avni knows a type and lets its records be read, and what else there is to warn of: it
 * checks the privilege to view on the rows of a page, so that an empty one proves nothing. A name
 * it does not know makes it drop the filter of program encounters, and gives nothing at all
 * elsewhere.
 */
export async function checkType(
  { type, endpoint }: AvniLister,
  known: KnownType,
  warningsOfMore: () => Promise<SourceHealth['warnings']>,
  c: Context,
): Promise<SourceHealth> {
  try {
    const knowledge = await known.expect(c);
    const byRecord = knowledge.kind === 'known' && knowledge.byRecord;
    const nothing = byRecord ? [] : [nothingThere(type, endpoint.parameter, knowledge.kind === 'known')];
    return { problems: [], warnings: [...nothing, ...(await warningsOfMore())] };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    return { problems: [{ code: error.code, message: error.message, remedy: error.remedy }], warnings: [] };
  }
}

function nothingThere(type: string, parameter: string, known: boolean): SourceHealth['warnings'][number] {
  return {
    code: 'NothingThere',
    message: known
      ? `Avni has no record of the ${parameter} “${type}” yet.`
      : `Avni gives no record of the ${parameter} “${type}”: there are none yet, or it has no type of this name.`,
    remedy: known
      ? 'Whether the user may view this type shows once there is a record.'
      : 'Compare the name with Avni’s, letter by letter; whether the user may view this type shows once there is a record.',
  };
}
