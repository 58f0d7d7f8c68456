import { getOwn } from '../../../model/keyed.js';

/** A record as the simulated Avni shows it of itself. */
export interface AvniRecord {
  ID: string;
  kind: 'subject' | 'enrolment' | 'programEncounter' | 'encounter' | 'task' | 'groupSubject' | 'approvalStatus';
  type: string;
  voided: boolean;
  body: Record<string, unknown>;
}

/** Values of a record’s observations, by concept. */
export function observationsOf({ body }: AvniRecord): Record<string, unknown> {
  return (body['observations'] ?? {}) as Record<string, unknown>;
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
