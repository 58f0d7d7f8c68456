import { BadOrganisation } from '../connectors/avni/organisation/bad-organisation.js';
import { Told, type Io } from './io.js';

/**
 * Does work with files of an organisation, and tells what is wrong with them, a line each.
 * @throws Told
 */
export async function tellBadOrganisation<T>(io: Io, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BadOrganisation)) throw error;
    for (const line of error.lines) io.error(line);
    throw new Told(`The organisation’s files cannot be used: ${error.problems.length} to mend (${error.code}).`);
  }
}
