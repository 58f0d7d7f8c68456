import { AvniOrganisation, type StoredRecord } from './organisation.js';
import { enrolmentBody, growthBody, healthCheckBody, subjectBody } from './bodies.js';
import { Random } from './random.js';

export interface GenerateOptions {
  seed: number;
  /**
   * About so many records in all: 30 % beneficiaries, 20 % enrolments, 30 % growth monitoring, 20 %
   * health checks.
   */
  records: number;
  /** All stamps lie before it, in milliseconds. Default: a minute ago. */
  before?: number;
}

const MONTHS = 180 * 24 * 3600 * 1000;

/**
 * An organisation of people who do not exist, the same for the same seed: optional fields missing,
 * planned and cancelled visits, voided records, and a bulk update that stamped many beneficiaries
 * with one millisecond.
 */
export function generateOrganisation({ seed, records, before = Date.now() - 60_000 }: GenerateOptions): AvniOrganisation {
  const random = new Random(seed);
  const organisation = new AvniOrganisation();
  const stamp = (): number => before - Math.floor(random.next() * MONTHS);
  const add = (kind: StoredRecord['kind'], type: string, body: Record<string, unknown>): StoredRecord =>
    organisation.add(kind, type, body, { id: random.uuid(), stamp: stamp(), voided: random.chance(0.01) });
  const subjects = times(records * 0.3, (n) => add('subject', 'Beneficiary', subjectBody(random, n)));
  const enrolments = times(records * 0.2, () => add('enrolment', 'Nutrition', enrolmentBody(random, one(random, subjects))));
  times(records * 0.3, () => add('programEncounter', 'Growth monitoring', growthBody(random, one(random, enrolments))));
  times(records * 0.2, () => add('encounter', 'Health check', healthCheckBody(random, one(random, subjects))));
  const bulk = subjects.slice(0, Math.min(1500, Math.floor(records * 0.15)));
  organisation.bulkUpdate(
    bulk.map(({ id }) => id),
    before - Math.floor(MONTHS / 2),
  );
  return organisation;
}

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: Math.max(1, Math.floor(count)) }, (_, n) => make(n));
}

function one(random: Random, records: StoredRecord[]): StoredRecord {
  const record = records[Math.floor(random.next() * records.length)];
  if (!record) throw new Error('There must be a record to belong to');
  return record;
}

/**
 * What a person could be known by, of everyone in the organisation: none of it may be found where
 * it does not belong.
 */
export function personalValues(organisation: AvniOrganisation): string[] {
  return organisation.all().flatMap(({ body }) => {
    const observations = body['observations'] as Record<string, unknown>;
    const household = observations['Household'] as Record<string, unknown> | undefined;
    return [
      observations['First name'],
      observations['Last name'],
      observations['Phone number'],
      observations['Remarks'],
      household?.['Head of household'],
      (household?.['Toilet'] as Record<string, unknown> | undefined)?.['Remarks'],
    ].flatMap((value) => (typeof value === 'string' ? [value] : []));
  });
}
