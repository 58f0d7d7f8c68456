import { isDeepStrictEqual } from 'node:util';
import { isWanted, KINDS, type AvniRecord } from './avni-record.js';
import { expectedOf, type Refer } from './expected.js';
import type { Expected } from './expected-observations.js';
import { codeOf, contentOf, isMarked, sourceOf, type FhirResource } from './fhir-resource.js';
import { getOwn } from '../../../model/keyed.js';

const PROCESS = 'clinic/maternal-health';

/**
 * What is not as integrations/clinic.yaml has it, from both systems’ own dumps and nothing of the
 * engine: every record that is wanted has exactly its resources, with its content; what is voided,
 * planned or cancelled has none, or marked ones; and no resource is of no record. Each difference
 * is `<entity type> <record id> <what>`, and names fields, never values.
 */
export function differencesOf(records: AvniRecord[], resources: FhirResource[]): string[] {
  const byId = new Map(records.map((record) => [record.ID, record]));
  const bySource = new Map<string, FhirResource[]>();
  for (const resource of resources) {
    const source = sourceOf(resource) ?? '';
    bySource.set(source, [...(bySource.get(source) ?? []), resource]);
  }
  const writtenFor = (entityType: string, id: unknown): FhirResource[] => bySource.get(sourceName(entityType, String(id))) ?? [];
  const refer: Refer = (entityType, id) => {
    const [main, ...more] = writtenFor(entityType, id).filter(({ resourceType }) => resourceType !== 'Observation');
    return main && more.length === 0 ? { reference: `${main.resourceType}/${main.id}` } : undefined;
  };
  const wrong = records.flatMap((record) => {
    const { entityType, marked } = KINDS[record.kind];
    const written = writtenFor(entityType, record.ID);
    const found = isWanted(record, byId) ? wrongOf(expectedOf(record, refer), written) : leftOver(written, marked);
    return found.map((what) => `${entityType} ${record.ID} ${what}`);
  });
  return [...wrong, ...ofNoRecord(records, bySource)];
}

function sourceName(entityType: string, id: string): string {
  return `${PROCESS}/${entityType}/${encodeURIComponent(id)}`;
}

function wrongOf(expected: Expected[], written: FhirResource[]): string[] {
  if (written.length === 0) return ['is not there'];
  const rest = new Set(written);
  const wrong = expected.flatMap(({ type, code, content }) => {
    const name = code === undefined ? type : `${type} (${code})`;
    const fitting = written.filter((each) => each.resourceType === type && (code === undefined || codeOf(each) === code));
    for (const each of fitting) rest.delete(each);
    const [only] = fitting;
    if (!only || fitting.length > 1) return [`has ${fitting.length} of ${name}`];
    return differingFields(content, contentOf(only)).map((field) => `differs in ${name}: ${field}`);
  });
  return [...wrong, ...[...rest].map(({ resourceType, id }) => `has ${resourceType}/${id} too much`)];
}

function differingFields(expected: Record<string, unknown>, actual: Record<string, unknown>): string[] {
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return fields.filter((field) => !isDeepStrictEqual(comparable(getOwn(expected, field)), comparable(getOwn(actual, field))));
}

/** Without undefined members, and instants as such, whatever their zone. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string')
    return /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, comparable);
  return Object.fromEntries(Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [[name, comparable(each)]])));
}

function leftOver(written: FhirResource[], marked: boolean): string[] {
  return written.filter((each) => !marked || !isMarked(each)).map(({ resourceType }) => `should not be there: ${resourceType}`);
}

/** Resources of no record, but for those that are marked since their record is gone. */
function ofNoRecord(records: AvniRecord[], bySource: Map<string, FhirResource[]>): string[] {
  const known = new Set(records.map(({ kind, ID }) => sourceName(KINDS[kind].entityType, ID)));
  return [...bySource].flatMap(([source, resources]) =>
    known.has(source)
      ? []
      : resources.filter((each) => !isMarked(each)).map(({ resourceType, id }) => `${resourceType} ${id} is of no record`),
  );
}
