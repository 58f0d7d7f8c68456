import type { Connector, Destination, DestinationEntityType, SourceOptions } from '../connectors/connector.js';
import type { ConnectorTypes } from '../connectors/registry.js';
import type { CodeTable, Definition, EntityTypeDefinition, ProcessDefinition } from '../definition/definition.js';
import type { Mapping, MappingDefinition } from '../mapping/mapping.js';
import { GoneInCycle } from '../sync/gone-in-cycle.js';
import type { EntityTypeParts } from '../sync/parts.js';
import { classifyBySide } from './classify-by-side.js';
import { remedyOf } from './remedy-of.js';
import { nameFailures } from './name-failures.js';
import { getOwn, setOwn } from '../model/keyed.js';

/**
 * A process of a checked definition with its systems connected and its mappings compiled: all an
 * activity needs.
 */
export interface ActiveProcess {
  definition: Definition;
  process: ProcessDefinition;
  connectors: Record<string, Connector>;
  parts: Record<string, EntityTypeParts>;
  /** What this worker saw go in the cycle under way. */
  gone: GoneInCycle;
}

/** Makes the mapping of an entity type: to be run on threads, or in this one. */
export type MakeMapping = (entityType: MappingDefinition, codes: Record<string, CodeTable>) => Mapping;

/** By the name of their system. */
export type Connectors = Record<string, Connector>;

/** Puts a process together. Nothing is asked of any system yet. */
export function activate(
  definition: Definition,
  process: ProcessDefinition,
  { types, connectors, makeMapping }: { types: ConnectorTypes; connectors: Connectors; makeMapping: MakeMapping },
): ActiveProcess {
  const parts: Record<string, EntityTypeParts> = {};
  const all: EntityTypeParts[] = [];
  for (const entityType of process.entityTypes) {
    const made = assemble(definition, process, entityType, { connectors, known: parts, all, types, makeMapping });
    setOwn(parts, entityType.name, made);
    all.push(made);
  }
  return { definition, process, connectors, parts, gone: new GoneInCycle() };
}

/** The systems of a definition, connected: once for all its processes. */
export function connect(definition: Definition, types: ConnectorTypes): Connectors {
  const connected = Object.entries(definition.systems).map(([name, system]) => {
    const type = getOwn(types, system.connector);
    if (!type) throw new Error(`No connector "${system.connector}": the definition check should have refused it`);
    return [
      name,
      nameFailures(name, type.connect(name, system.settings, { margin: system.margin, clockBound: system.clockBound })),
    ] as const;
  });
  return Object.fromEntries(connected);
}

interface Assembly {
  connectors: Record<string, Connector>;
  known: Record<string, EntityTypeParts>;
  /** All types of the process, this one to be among them. */
  all: readonly EntityTypeParts[];
  types: ConnectorTypes;
  makeMapping: MakeMapping;
}

/** Parents come before children in a process' order, so theirs are in `known` already. */
function assemble(
  definition: Definition,
  process: ProcessDefinition,
  entityType: EntityTypeDefinition,
  { connectors, known, all, types, makeMapping }: Assembly,
): EntityTypeParts {
  const made = getOwn(connectors, entityType.to.system)?.destination?.(entityType.to.settings, {
    integration: definition.integration,
    process: process.name,
    entityTypes: destinationTypes(process, entityType.to.system),
  });
  const destination = made && nameFailures(entityType.to.system, made);
  const source = getOwn(connectors, entityType.from.system)?.source?.(entityType.from.settings, {
    integration: definition.integration,
    entityTypes: sourceTypes(process, entityType.from.system),
    ...standingOf(destination, entityType.name),
  });
  if (!source || !destination)
    throw new Error(`${entityType.name} has no source or destination: the definition check should have refused it`);
  const parents = Object.keys(entityType.dependsOn).flatMap((name) => {
    const parent = getOwn(known, name);
    return parent ? [[name, parent] as const] : [];
  });
  const typeOf = (system: string) => getOwn(types, getOwn(definition.systems, system)?.connector ?? '');
  const unlistedBy = parents.flatMap(([name, parent]) => (lists(parent.definition, entityType, typeOf) ? [] : [name]));
  const downloadedBy = typeOf(entityType.to.system)?.downloadedBy;
  const parts: EntityTypeParts = {
    integration: definition.integration,
    process: process.name,
    definition: entityType,
    source: nameFailures(entityType.from.system, source),
    destination,
    mapping: makeMapping(entityType, definition.codes),
    types: all,
    parents: Object.fromEntries(parents),
    children: {},
    ...(downloadedBy === undefined ? {} : { downloadedBy }),
    unlisted: unlistedBy.length > 0 || parents.some(([, parent]) => parent.unlisted),
    unlistedBy,
    classify: classifyBySide(definition, process, { source: typeOf(entityType.from.system), destination: typeOf(entityType.to.system) }),
    // An open row may be of any entity type of the process, and so of any of its systems.
    remedyOf: remedyOf(definition, Object.keys(definition.systems).map(typeOf)),
    errors: process.errors,
  };
  for (const [, parent] of parents) setOwn(parent.children, entityType.name, parts);
  return parts;
}

function lists(
  parent: EntityTypeDefinition,
  child: EntityTypeDefinition,
  typeOf: (system: string) => ConnectorTypes[string] | undefined,
): boolean {
  const type = typeOf(parent.from.system);
  return type?.listsChildren?.(parent.from.settings, child.from.settings) === true;
}

/** What a source is told by its destination, where that tells. */
function standingOf(destination: Destination | undefined, entityType: string): Pick<SourceOptions, 'standing'> {
  if (!destination?.standing) return {};
  return { standing: async (from, limit, c) => (await destination.standing?.(entityType, from, limit, c)) ?? { ids: [] } };
}

function sourceTypes(process: ProcessDefinition, system: string): Record<string, unknown> {
  return Object.fromEntries(process.entityTypes.flatMap((type) => (type.from.system === system ? [[type.name, type.from.settings]] : [])));
}

function destinationTypes(process: ProcessDefinition, system: string): Record<string, DestinationEntityType> {
  const types = process.entityTypes.filter((type) => type.to.system === system);
  return Object.fromEntries(types.map((type) => [type.name, destinationTypeOf(type)]));
}

/** What a destination needs to know of an entity type that is written to it. */
export function destinationTypeOf({ formerly, to, map }: EntityTypeDefinition): DestinationEntityType {
  return { formerly, settings: to.settings, resourceNames: Object.keys(map), keyed: Object.keys(to.keys) };
}
