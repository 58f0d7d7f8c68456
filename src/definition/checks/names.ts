import { entityTypesOf, mapOf, type Draft, type DraftEntityType } from '../draft.js';
import type { EntityTypeInput } from '../schema/entity-type.js';
import type { Report } from '../source/report.js';
import { didYouMean, listed } from '../source/suggest.js';

/**
 * Entity types have one name each in an integration, earlier names included: identities are made of
 * them.
 */
export function checkNames(draft: Draft, report: Report): void {
  const owners = new Map<string, DraftEntityType>();
  for (const entityType of entityTypesOf(draft)) {
    const first = owners.get(entityType.name);
    if (first) report.add('DuplicateName', entityType.at, taken(entityType.name, first), { of: 'key' });
    else owners.set(entityType.name, entityType);
  }
  for (const entityType of entityTypesOf(draft)) {
    for (const name of formerlyOf(entityType.input)) {
      const first = owners.get(name);
      if (first) report.add('DuplicateName', [...entityType.at, 'formerly'], taken(name, first));
      else owners.set(name, entityType);
    }
    if (entityType.input) checkKeys(entityType, entityType.input, report);
  }
}

/** Earlier names, as a list. */
export function formerlyOf(input: EntityTypeInput | undefined): string[] {
  const formerly = input?.formerly ?? [];
  return typeof formerly === 'string' ? [formerly] : formerly;
}

/** Business keys by resource name; a single one is that of the single resource. */
export function keysOf(input: EntityTypeInput): Record<string, { system?: string | undefined; value: string }> {
  const { key } = input.to;
  if (key === undefined) return {};
  if (!isSingle(key)) return key;
  return { [Object.keys(mapOf(input))[0] ?? 'main']: key };
}

function checkKeys({ name, at }: DraftEntityType, input: EntityTypeInput, report: Report): void {
  const { key, adopt } = input.to;
  const resources = Object.keys(mapOf(input));
  if (adopt === true && key === undefined)
    report.add('AdoptWithoutKey', [...at, 'to', 'adopt'], `${name} is to take over records of others, but has no "key" to find them by.`);
  if (key === undefined) return;
  if (isSingle(key)) {
    if (resources.length > 1)
      report.add('KeyNeedsName', [...at, 'to', 'key'], `${name} has several resources, so "key" must say which of them it is for.`, {
        allowed: `key: { ${resources[0]}: { value: … } }`,
      });
    return;
  }
  for (const resource of Object.keys(key))
    if (!resources.includes(resource))
      report.add(
        'UnknownResource',
        [...at, 'to', 'key', resource],
        `"map" of ${name} has no "${resource}".${didYouMean(resource, resources)}`,
        {
          of: 'key',
          allowed: listed(resources),
        },
      );
}

type KeyInput = NonNullable<EntityTypeInput['to']['key']>;

function isSingle(key: KeyInput): key is { system?: string | undefined; value: string } {
  return typeof key['value'] === 'string';
}

function taken(name: string, first: DraftEntityType): string {
  return `The name ${name} is already that of ${first.name} in process ${first.process}; names, earlier ones too, are unique in an integration.`;
}
