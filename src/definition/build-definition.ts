import { buildErrors, buildErrorTypes } from './build-errors.js';
import type { CodeTable, Definition, EntityTypeDefinition, ParentDefinition, ProcessDefinition, SystemDefinition } from './definition.js';
import { digestOf } from './digest.js';
import { functionsOf, mapOf, resourcesOf, type Draft, type DraftEntityType, type DraftProcess } from './draft.js';
import { functionsUsed } from './checks/expressions.js';
import { formerlyOf, keysOf } from './checks/names.js';
import { inOrder } from './order.js';
import { byName } from './parts/by-name.js';
import { cadenceOf } from './parts/cadence.js';
import { codeFilesOf } from './read-codes.js';
import type { Endpoints } from './read-endpoints.js';
import type { EntityTypeInput } from './schema/entity-type.js';
import type { ReadSystem } from './read-systems.js';
import { removalsOf } from './removals.js';

/** Everything of a file in which nothing is wrong. */
export interface Checked {
  file: string;
  included: string[];
  value: unknown;
  draft: Draft;
  systems: ReadonlyMap<string, ReadSystem>;
  codes: ReadonlyMap<string, CodeTable>;
  endpoints: ReadonlyMap<DraftEntityType, Endpoints>;
  parents: ReadonlyMap<DraftEntityType, [string, ParentDefinition][]>;
}

/** The definition as the engine takes it: defaults put in, entity types in order. */
export function buildDefinition(checked: Checked): Definition {
  const { file, included, draft, systems, codes } = checked;
  const codeFiles = codeFilesOf(draft, file);
  const known: SystemDefinition[] = [...systems.values()].flatMap(({ definition }) => (definition ? [definition] : []));
  return {
    file,
    ...(included.length > 0 ? { included } : {}),
    ...(codeFiles.length > 0 ? { codeFiles } : {}),
    integration: draft.integration,
    systems: byName(known.map((system) => [system.name, system] as const)),
    codes: byName(codes),
    errorTypes: buildErrorTypes(draft),
    processes: byName([...draft.processes.values()].map((process) => [process.name, buildProcess(process, checked)] as const)),
  };
}

function buildProcess(process: DraftProcess, checked: Checked): ProcessDefinition {
  const { value, draft, codes } = checked;
  const entityTypes = [...process.entityTypes.values()].flatMap((each) => buildEntityType(each, process, checked));
  return {
    id: `${draft.integration}/${process.name}`,
    name: process.name,
    digest: digestOf(value, draft, process, codes),
    entityTypes: inOrder(entityTypes),
    errors: buildErrors(process.errors),
  };
}

function buildEntityType(
  entityType: DraftEntityType,
  process: DraftProcess,
  { draft, endpoints, parents }: Checked,
): EntityTypeDefinition[] {
  const { name, input } = entityType;
  const { from, to } = endpoints.get(entityType) ?? {};
  if (!input || !from || !to) return [];
  const functions = functionsUsed(input, functionsOf(draft));
  const keys = Object.entries(keysOf(input)).map(
    ([resource, { system, value }]) => [resource, { ...(system !== undefined ? { system } : {}), value }] as const,
  );
  return [
    {
      name,
      formerly: formerlyOf(input),
      cadence: cadenceOf(input, process.head ?? {}),
      ...(input.since !== undefined ? { since: new Date(input.since).toISOString() } : {}),
      dependsOn: input.dependsOn ?? {},
      parents: byName(parents.get(entityType) ?? []),
      from: { system: from.system.name, settings: from.settings },
      to: { system: to.system.name, settings: to.settings, adopt: input.to.adopt ?? false, keys: byName(keys) },
      map: mapOf(input),
      ...severalOf(input),
      ...(Object.keys(functions).length > 0 ? { functions } : {}),
      ...(input.when !== undefined ? { when: input.when } : {}),
      ...removalsOf(entityType, process),
      whenParentMissing: input.whenParentMissing ?? 'bring',
      ...(input.whenKeyMissing !== undefined ? { whenKeyMissing: input.whenKeyMissing } : {}),
      ...(input.whenEdited !== undefined ? { whenEdited: input.whenEdited } : {}),
      concepts: {
        in: from.system.type?.conceptsIn ?? [],
        unmapped: input.concepts?.unmapped ?? 'report',
        ignore: input.concepts?.ignore ?? [],
      },
    },
  ];
}

/** What there is one of for each item, and what is shared, where there is any. */
function severalOf(input: EntityTypeInput): Pick<EntityTypeDefinition, 'each' | 'shared'> {
  const resources = resourcesOf(input);
  const each = resources.flatMap(([name, { each: list, id }]) =>
    list !== undefined && id !== undefined ? [[name, { list, id }] as const] : [],
  );
  const shared = resources.flatMap(([name, resource]) => (resource.shared === true ? [name] : []));
  return { ...(each.length > 0 ? { each: Object.fromEntries(each) } : {}), ...(shared.length > 0 ? { shared } : {}) };
}
