import { illegal, Refusal } from './answers.js';
import { lineage, type AvniMetadata, type Concept, type Location } from './metadata.js';
import type { AvniOrganisation } from './organisation.js';
import { getOwn, setOwn } from '../../model/keyed.js';
import type { Body, Shown, StoredRecord } from './record.js';

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

/**
 * One record as the API gives it. @throws Refusal 500 where a stored date is none, and version 2 or
 * later is asked for
 */
export function rowOf(record: StoredRecord, organisation: AvniOrganisation, options: RowOptions): unknown {
  const row = trueRowOf(record, organisation, options);
  return record.shown ? shownInstead(row, record.shown) : row;
}

function shownInstead(row: Body & { audit: Body }, shown: Shown): unknown {
  if ('whole' in shown) return shown.whole;
  return { ...row, audit: { ...row.audit, ...shown.audit }, ...shown.members };
}

function trueRowOf(record: StoredRecord, organisation: AvniOrganisation, options: RowOptions): Body & { audit: Body } {
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
    ...(kind === 'subject' && options.withGroups !== false ? { Groups: groupsOf(record, organisation) } : {}),
  };
}

/** Those that it is in. */
function groupsOf({ id }: StoredRecord, organisation: AvniOrganisation): unknown[] {
  const memberships = organisation
    .childrenOf(id)
    .filter(({ kind, voided, body }) => kind === 'groupSubject' && !voided && body['Member ID'] === id);
  return [...new Set(memberships.map(({ body }) => body['Group ID']))];
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
  task: { 'External ID': null, 'Completed on': null },
  groupSubject: {},
  approvalStatus: {},
};

function externalIds(body: Body, organisation: AvniOrganisation): Body {
  const of = (id: unknown): unknown => organisation.get(String(id))?.body['External ID'] ?? null;
  const { 'Subject ID': subject, 'Enrolment ID': enrolment } = body;
  if (subject === undefined) return {};
  const ids: Body = { 'Subject external ID': of(subject) };
  if (enrolment !== undefined) ids['Enrolment external ID'] = of(enrolment);
  return ids;
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
function dated(body: Body, { metadata }: AvniOrganisation, version: number): Body {
  const types = shownOtherwise(metadata);
  const shown: Body = {};
  for (const name of ['observations', 'cancelObservations', 'exitObservations'])
    if (Object.hasOwn(body, name)) setOwn(shown, name, shownAs((getOwn(body, name) ?? {}) as Body, types, version));
  return shown;
}

interface ShownOtherwise {
  count: number;
  dates: Set<string>;
  places: Set<string>;
  locations: Location[];
}

const known = new WeakMap<readonly Concept[], ShownOtherwise>();

/**
 * Concepts whose values are shown in another form than they are stored in. Looked up once for all
 * rows, until a concept is added.
 */
function shownOtherwise({ concepts, locations }: AvniMetadata): ShownOtherwise {
  const found = known.get(concepts);
  if (found?.count === concepts.length) return found;
  const named = (wanted: string): Set<string> => new Set(concepts.flatMap(({ name, dataType }) => (dataType === wanted ? [name] : [])));
  const made = { count: concepts.length, dates: named('Date'), places: named('Location'), locations };
  known.set(concepts, made);
  return made;
}

function shownAs(observations: Body, types: ShownOtherwise, version: number): Body {
  const { dates, places, locations } = types;
  let shown = observations;
  for (const [name, value] of Object.entries(observations)) {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    const now = places.has(name)
      ? placeOf(value, locations)
      : version >= 2 && dates.has(name)
        ? dateInIndia(value)
        : isGroup
          ? shownAs(value as Body, types, version)
          : value;
    if (now !== value) shown = { ...shown, [name]: now };
  }
  return shown;
}

/** Its lineage by type of location, where it is known. */
function placeOf(value: unknown, locations: Location[]): unknown {
  const place = locations.find(({ uuid }) => uuid === value);
  return place ? Object.fromEntries(lineage(place).map(({ type, title }) => [type, title])) : value;
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
  if (Number.isNaN(time)) throw illegal(`Invalid format: "${value}" is malformed`);
  return iso(time + 5.5 * 3_600_000).slice(0, 10);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
