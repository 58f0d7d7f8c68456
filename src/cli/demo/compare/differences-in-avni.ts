import { resourceId } from '../../../connectors/derived-id.js';
import { getOwn } from '../../../model/keyed.js';
import type { AvniRecord } from './avni-record.js';
import { differingFields } from './differing-fields.js';
import { BACK_TYPES, expectedInAvni } from './expected-in-avni.js';
import type { FhirResource } from './fhir-resource.js';
import { PROCESS, typeToAvni } from './hospital-types.js';

const [INTEGRATION = ''] = PROCESS.split('/');

/**
 * What in Avni is not as is expected of what the EMR owns, the other way round of `differencesOf`:
 * every resource that is wanted has exactly one record, of its content; what is not has none, or a
 * voided one; and no record of these types is of no resource.
 */
export function differencesInAvni(resources: FhirResource[], records: AvniRecord[]): string[] {
  const byReference = new Map(resources.map((each) => [`${each.resourceType}/${each.id}`, each]));
  const rest = new Map<string, AvniRecord[]>();
  for (const record of records) if (isBack(record) && !record.voided) add(rest, keyOf(record.type, record.body['External ID']), record);
  const wrong = resources.flatMap((resource) => {
    const entityType = typeToAvni(resource);
    if (entityType === undefined) return [];
    const key = keyOf(BACK_TYPES[entityType], resourceId(INTEGRATION, entityType, [], resource.id, 'main'));
    const written = rest.get(key) ?? [];
    rest.delete(key);
    return wrongOf(expectedInAvni(resource, byReference), written).map((what) => `${entityType} ${resource.id} ${what}`);
  });
  return [...wrong, ...[...rest.values()].flat().map(({ type, ID }) => `${type} ${ID} is of no resource`)];
}

function wrongOf(expected: Record<string, unknown> | undefined, written: AvniRecord[]): string[] {
  if (!expected) return written.length === 0 ? [] : ['should not be there'];
  const [only, ...others] = written;
  if (!only) return ['is not there'];
  if (others.length > 0) return [`is there ${written.length} times`];
  const actual = Object.fromEntries(Object.keys(expected).map((name) => [name, getOwn(only.body, name)]));
  return differingFields(expected, actual).map((field) => `differs in ${only.type}: ${field}`);
}

function isBack({ type }: AvniRecord): boolean {
  return Object.values(BACK_TYPES).includes(type);
}

function keyOf(type: string, externalId: unknown): string {
  return JSON.stringify([type, externalId ?? null]);
}

function add(map: Map<string, AvniRecord[]>, key: string, record: AvniRecord): void {
  const others = map.get(key);
  if (others) others.push(record);
  else map.set(key, [record]);
}
