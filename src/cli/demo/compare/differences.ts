import { isWanted, type AvniRecord } from './avni-record.js';
import { differingFields } from './differing-fields.js';
import type { Expectation, Expected, Refer } from './expectation.js';
import { codeOf, contentOf, isMarked, sourceOf, type FhirResource } from './fhir-resource.js';

/**
 * What in the FHIR server is not as is expected of Avni’s records, from both systems’ own dumps and
 * nothing of the engine: every record that is wanted has exactly its resources, with its content;
 * what is voided, planned or cancelled has none, or marked ones; and no resource is of no record.
 * Each difference is `<entity type> <record id> <what>`, and names fields, never values.
 */
export function differencesOf(expectation: Expectation, records: AvniRecord[], resources: FhirResource[]): string[] {
  const { process, entityTypeOf, expectedOf } = expectation;
  const sourceName = (entityType: string, id: string): string => `${process}/${entityType}/${encodeURIComponent(id)}`;
  const byId = new Map(records.map((record) => [record.ID, record]));
  const bySource = new Map<string, FhirResource[]>();
  for (const resource of resources) {
    const source = sourceOf(resource) ?? '';
    const others = bySource.get(source);
    if (others) others.push(resource);
    else bySource.set(source, [resource]);
  }
  const writtenFor = (entityType: string, id: unknown): FhirResource[] => bySource.get(sourceName(entityType, String(id))) ?? [];
  const refer: Refer = (entityType, id) => {
    const [main, ...more] = writtenFor(entityType, id).filter(({ resourceType }) => resourceType !== 'Observation');
    return main && more.length === 0 ? { reference: `${main.resourceType}/${main.id}` } : undefined;
  };
  const known = new Set<string>();
  const wrong = records.flatMap((record) => {
    const entityType = entityTypeOf(record);
    if (entityType === undefined) return [];
    known.add(sourceName(entityType, record.ID));
    const written = writtenFor(entityType, record.ID);
    const found = isWanted(record, byId) ? wrongOf(expectedOf(record, refer), written) : leftOver(written, expectation.marks(entityType));
    return found.map((what) => `${entityType} ${record.ID} ${what}`);
  });
  const strays = [...bySource].flatMap(([source, written]) => (known.has(source) ? [] : written));
  return [...wrong, ...ofNoRecord(strays.filter((each) => !expectation.isItsOwn(each)))];
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

function leftOver(written: FhirResource[], marked: boolean): string[] {
  return written.filter((each) => !marked || !isMarked(each)).map(({ resourceType }) => `should not be there: ${resourceType}`);
}

/** Of no record, but for those that are marked since their record is gone. */
function ofNoRecord(resources: FhirResource[]): string[] {
  return resources.filter((each) => !isMarked(each)).map(({ resourceType, id }) => `${resourceType} ${id} is of no record`);
}
