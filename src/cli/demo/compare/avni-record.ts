import { getOwn } from '../../../model/keyed.js';

/** A record as the simulated Avni shows it of itself. */
export interface AvniRecord {
  ID: string;
  kind: 'subject' | 'enrolment' | 'programEncounter' | 'encounter';
  voided: boolean;
  body: Record<string, unknown>;
}

/**
 * Entity type of each kind in the clinic definition, the type of its main resource, and whether it
 * is marked, not removed, when it goes.
 */
export const KINDS = {
  subject: { entityType: 'Beneficiary', main: 'Patient', marked: true },
  enrolment: { entityType: 'Enrolment', main: 'EpisodeOfCare', marked: true },
  programEncounter: { entityType: 'Growth', main: 'Encounter', marked: false },
  encounter: { entityType: 'HealthCheck', main: 'Encounter', marked: false },
} as const;

/** Values of a record’s observations, by concept. */
export function observationsOf({ body }: AvniRecord): Record<string, unknown> {
  return (body['observations'] ?? {}) as Record<string, unknown>;
}

/** The answers to a coded question, of which there may be one, several or none. */
export function answersTo(concept: string, record: AvniRecord): string[] {
  const value = getOwn(observationsOf(record), concept);
  return value === undefined ? [] : ([value].flat() as string[]);
}

/**
 * A record counts where it, and all it belongs to, is neither voided nor, for a visit, only planned
 * or cancelled.
 */
export function isWanted(record: AvniRecord, byId: ReadonlyMap<string, AvniRecord>): boolean {
  const { voided, kind, body } = record;
  if (voided) return false;
  if ((kind === 'programEncounter' || kind === 'encounter') && (body['Encounter date time'] === null || body['Cancel date time'] !== null))
    return false;
  return ['Subject ID', 'Enrolment ID'].every((name) => {
    if (getOwn(body, name) === undefined) return true;
    const parent = byId.get(String(getOwn(body, name)));
    return parent !== undefined && isWanted(parent, byId);
  });
}
