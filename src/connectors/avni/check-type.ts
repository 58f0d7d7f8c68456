import { SystemFailure } from '../../errors/system-failure.js';
import type { Context, SourceHealth } from '../connector.js';
import { BEGINNING } from './changes.js';
import type { AvniLister } from './lister.js';
import { PageBroken } from './page-broken.js';

/** After any record of any organisation: stamps may lie a little ahead of the server's clock. */
const END = '2999-01-01T00:00:00.000Z';

/**
 * Lists one row of a type: Avni checks the privilege to view on the rows of a page, so that an empty one proves nothing. A name it does not
 * know makes it drop the filter of program encounters, and gives nothing at all elsewhere.
 */
export async function checkType(lister: AvniLister, c: Context): Promise<SourceHealth> {
  const { type, endpoint } = lister;
  try {
    const { rows } = await lister.list({ after: BEGINNING, until: END }, 0, 1, c);
    return { problems: [], warnings: rows.length > 0 ? [] : [nothingThere(type, endpoint.parameter)] };
  } catch (error) {
    // A record that breaks its page shows that the type is known; which one it is, the process will say.
    if (error instanceof PageBroken) return { problems: [], warnings: [] };
    if (!(error instanceof SystemFailure)) throw error;
    return { problems: [{ code: error.code, message: error.message, remedy: error.remedy }], warnings: [] };
  }
}

function nothingThere(type: string, parameter: string): SourceHealth['warnings'][number] {
  return {
    code: 'NothingThere',
    message: `Avni gives no record of the ${parameter} “${type}”: there are none yet, or it has no type of this name.`,
    remedy: 'Compare the name with Avni’s, letter by letter; whether the user may view this type shows once there is a record.',
  };
}
