import { readOrganisation } from '../../../connectors/avni/organisation/read-organisation.js';
import { AvniOrganisation } from '../organisation.js';
import { addMemberships } from './add-memberships.js';
import { addRecords } from './add-records.js';
import { givenMetadata } from './given-metadata.js';
import { makeRecords } from './make-records.js';
import { readRecords } from './read-records.js';

export interface GivenOrganisationOptions {
  /** A folder with `organisation.yaml` or a bundle, and records; or a file of saved metadata. */
  path: string;
  /** Of records that are made, where the folder has none. */
  seed: number;
  records: number;
  /** All stamps lie before it, in milliseconds. Default: a minute ago. */
  before?: number;
}

/**
 * An organisation of somebody's own: what it has set up, and its records, from files; or records
 * made from its forms, where there are none. @throws BadOrganisation
 */
export async function givenOrganisation({
  path,
  before = Date.now() - 60_000,
  ...made
}: GivenOrganisationOptions): Promise<AvniOrganisation> {
  const data = await readOrganisation(path);
  const organisation = new AvniOrganisation(Date.now, givenMetadata(data));
  const given = await readRecords(path);
  if (given) {
    addRecords(organisation, data, given.records, before);
    addMemberships(organisation, data, given.memberships, before);
  } else makeRecords(organisation, data, { ...made, before });
  return organisation;
}
