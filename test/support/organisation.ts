import type { AvniOrganisation, StoredRecord } from '../../src/simulators/avni/organisation.js';

/** Changes observations of a record; `stamp` is that of the change, now where it is not given. */
export function observe(organisation: AvniOrganisation, id: string, observations: Record<string, unknown>, stamp?: number): void {
  const record = organisation.get(id);
  organisation.change(id, { body: { observations: { ...(record?.body['observations'] as object), ...observations } } }, stamp);
}

/** An enrolment that is wanted, and its subject. */
export function someEnrolment(organisation: AvniOrganisation): { enrolment: StoredRecord; subject: StoredRecord } {
  for (const enrolment of organisation.all()) {
    const subject = organisation.get(String(enrolment.body['Subject ID']));
    if (enrolment.kind === 'enrolment' && !enrolment.voided && subject && !subject.voided) return { enrolment, subject };
  }
  throw new Error('The organisation has no enrolment');
}
