import { BadOrganisation, type FileProblem } from '../../../connectors/avni/organisation/bad-organisation.js';
import type { OrganisationData } from '../../../connectors/avni/organisation/organisation-data.js';
import type { AvniOrganisation } from '../organisation.js';
import { idOf, type GivenMembership } from './given-record.js';
import type { PlacedRecord } from './read-records.js';

/**
 * Puts subjects into groups, once all of them are there. Each must have a role that the
 * organisation has set up. @throws BadOrganisation with all that is wrong; then none is added
 */
export function addMemberships(
  organisation: AvniOrganisation,
  { groupRoles }: OrganisationData,
  memberships: PlacedRecord<GivenMembership>[],
  stamp: number,
): void {
  const typeOf = (label: string): string | undefined => {
    const found = organisation.get(idOf(label));
    return found?.kind === 'subject' ? found.type : undefined;
  };
  const problems = memberships.flatMap(({ file, number, given }): FileProblem[] => {
    const say = (field: string, message: string): FileProblem => ({ file, path: `record ${number} » ${field}`, message });
    const [group, member] = [typeOf(given['Group ID']), typeOf(given['Member ID'])];
    const lost = (['Group ID', 'Member ID'] as const).filter((field) => typeOf(given[field]) === undefined);
    if (lost.length > 0) return lost.map((field) => say(field, 'No subject of these files has this ID.'));
    const roles = groupRoles.filter((each) => each.group === group && each.member === member).map(({ role }) => role);
    if (roles.includes(given.Role)) return [];
    if (roles.length > 0) return [say('Role', `It must be one of ${roles.join(', ')}.`)];
    return [say('Role', `No member of type "${member}" has a role in a "${group}".`)];
  });
  if (problems.length > 0) throw new BadOrganisation(problems);
  for (const { given } of memberships) {
    const { Voided: voided = false, ...rest } = given;
    const body = { ...rest, 'Group ID': idOf(given['Group ID']), 'Member ID': idOf(given['Member ID']) };
    organisation.add('groupSubject', '', body, { stamp, voided });
  }
}
