import { illegal, Refusal } from './answers.js';
import type { AvniOrganisation } from './organisation.js';
import type { Body, StoredRecord } from './record.js';

export interface RowOptions {
  /** Of the API: from 2 on dates are dates. */
  version: number;
  /** Subjects lack their type in a list that was asked for it. */
  withType?: boolean;
  /** Only reading and deleting tell a subject’s groups. */
  withGroups?: boolean;
  /** Milliseconds by which its stamp is told too early. */
  earlier?: number;
}

/** One record as the API gives it. @throws Refusal 500 where a stored date is none, and version 2 or later is asked for */
export function rowOf(record: StoredRecord, organisation: AvniOrganisation, options: RowOptions): Body {
  const { kind, body } = record;
  const { 'Subject type': subjectType, ...rest } = body;
  const hasType = subjectType !== undefined && (kind !== 'subject' || options.withType !== false);
  return {
    ...(hasType ? { 'Subject type': subjectType } : {}),
    ID: record.id,
    ...NULLS[kind],
    Voided: record.voided,
    ...externalIds(body, organisation),
    ...rest,
    ...dated(body, organisation, options.version),
    ...relatives(record, organisation),
    audit: {
      'Created at': iso(record.createdAt),
      'Last modified at': iso(record.stamp - (options.earlier ?? 0)),
      'Created by': record.createdBy,
      'Last modified by': record.modifiedBy,
    },
    ...(kind === 'subject' && options.withGroups !== false ? { Groups: [] } : {}),
  };
}

const VISIT = {
  'External ID': null,
  'Encounter date time': null,
  'Earliest scheduled date': null,
  'Max scheduled date': null,
  'Cancel date time': null,
};

/** Keys that are there also without a value. */
const NULLS = {
  subject: { 'External ID': null },
  enrolment: { 'External ID': null, 'Exit datetime': null },
  programEncounter: VISIT,
  encounter: VISIT,
};

function externalIds(body: Body, organisation: AvniOrganisation): Body {
  const of = (name: string): unknown => organisation.get(String(body[name]))?.body['External ID'] ?? null;
  return {
    ...(body['Subject ID'] !== undefined ? { 'Subject external ID': of('Subject ID') } : {}),
    ...(body['Enrolment ID'] !== undefined ? { 'Enrolment external ID': of('Enrolment ID') } : {}),
  };
}

function relatives({ kind, id }: StoredRecord, organisation: AvniOrganisation): Body {
  if (kind !== 'subject' && kind !== 'enrolment') return {};
  const children = organisation.childrenOf(id);
  const idsOf = (wanted: string): string[] => children.flatMap((child) => (child.kind === wanted ? [child.id] : []));
  return kind === 'subject'
    ? { encounters: idsOf('encounter'), enrolments: idsOf('enrolment') }
    : { encounters: idsOf('programEncounter') };
}

/** Observations, of which those never made show as none. */
function dated(body: Body, organisation: AvniOrganisation, version: number): Body {
  const names = ['observations', 'cancelObservations', 'exitObservations'].filter((name) => name in body);
  const dates =
    version >= 2 ? new Set(organisation.metadata.concepts.flatMap(({ name, dataType }) => (dataType === 'Date' ? [name] : []))) : undefined;
  return Object.fromEntries(names.map((name) => [name, withDates((body[name] ?? {}) as Body, dates)]));
}

function withDates(observations: Body, dates: Set<string> | undefined): Body {
  if (!dates) return observations;
  return Object.fromEntries(
    Object.entries(observations).map(([name, value]) => {
      if (dates.has(name)) return [name, dateInIndia(value)];
      return [name, typeof value === 'object' && value !== null && !Array.isArray(value) ? withDates(value as Body, dates) : value];
    }),
  );
}

function dateInIndia(value: unknown): unknown {
  if (typeof value === 'number')
    throw new Refusal({
      status: 500,
      exception: 'java.lang.ClassCastException',
      message: 'class java.lang.Double cannot be cast to class java.lang.String',
    });
  if (typeof value !== 'string' || /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw illegal('Invalid format');
  return iso(time + 5.5 * 3_600_000).slice(0, 10);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
