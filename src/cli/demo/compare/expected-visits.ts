import type { AvniRecord } from './avni-record.js';
import type { Refer } from './expectation.js';

/** What the ready definitions make of an enrolment: an EpisodeOfCare. */
export function episode({ body }: AvniRecord, refer: Refer): Record<string, unknown> {
  const exit = body['Exit datetime'] ?? undefined;
  return {
    status: exit === undefined ? 'active' : 'finished',
    type: [{ text: body['Program'] }],
    patient: refer('Beneficiary', body['Subject ID']),
    period: { start: body['Enrolment datetime'], end: exit },
  };
}

/** What they make of a visit of whatever kind: an Encounter. */
export function visit({ body }: AvniRecord, refer: Refer): Record<string, unknown> {
  return {
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'FLD', display: 'field' },
    type: [{ text: body['Encounter type'] }],
    subject: refer('Beneficiary', body['Subject ID']),
    period: { start: body['Encounter date time'] },
  };
}
