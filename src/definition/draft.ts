import type { z } from 'zod';
import { codeTableSchema, type CodeTableInput } from './schema/code-table.js';
import { processHeadSchema } from './schema/definition.js';
import { errorTypeSchema, type ErrorTypeInput } from './schema/error-type.js';
import { errorsSchema, type ErrorsInput } from './schema/errors.js';
import { entityTypeSchema, type EntityTypeInput, type ResourceInput } from './schema/entity-type.js';
import { systemSchema, type SystemInput } from './schema/system.js';
import { expression } from './schema/words.js';
import type { Path } from './source/path.js';

/**
 * What could be read of a file, part by part: `undefined` where a part is wrong, so that the checks
 * go on with the others.
 */
export interface Draft {
  integration: string;
  /**
   * Sections of which nothing can be said, being missing or no mapping: what refers to them is not
   * their problem.
   */
  unknown: { systems: boolean; codes: boolean; functions: boolean };
  systems: Map<string, SystemInput | undefined>;
  codes: Map<string, CodeTableInput | undefined>;
  /** Functions that its expressions may call, by name. */
  functions: Map<string, string | undefined>;
  /** In the file's order. */
  errorTypes: Map<string, ErrorTypeInput | undefined>;
  processes: Map<string, DraftProcess>;
}

export interface DraftProcess {
  name: string;
  head: z.infer<typeof processHeadSchema> | undefined;
  errors: ErrorsInput | undefined;
  entityTypes: Map<string, DraftEntityType>;
}

export interface DraftEntityType {
  name: string;
  process: string;
  at: Path;
  input: EntityTypeInput | undefined;
}

/** Every part by itself; what is wrong is reported elsewhere, from the schema of the whole. */
export function draftOf(value: unknown): Draft {
  const file = mapping(value);
  return {
    integration: typeof file['integration'] === 'string' ? file['integration'] : '',
    unknown: {
      systems: !isMapping(file['systems']),
      codes: file['codes'] !== undefined && !isMapping(file['codes']),
      functions: file['functions'] !== undefined && !isMapping(file['functions']),
    },
    systems: parts(file['systems'], (each) => systemSchema.safeParse(each).data),
    codes: parts(file['codes'], (each) => codeTableSchema.safeParse(each).data),
    functions: parts(file['functions'], (each) => expression.safeParse(each).data),
    errorTypes: parts(file['errorTypes'], (each) => errorTypeSchema.safeParse(each).data),
    processes: parts(file['processes'], (each, name) => ({
      name,
      head: processHeadSchema.safeParse(each).data,
      errors: errorsSchema.safeParse(mapping(each)['errors']).data,
      entityTypes: parts(mapping(each)['entityTypes'], (entityType, typeName) => ({
        name: typeName,
        process: name,
        at: ['processes', name, 'entityTypes', typeName],
        input: entityTypeSchema.safeParse(entityType).data,
      })),
    })),
  };
}

/** All entity types of an integration. */
export function entityTypesOf(draft: Draft): DraftEntityType[] {
  return [...draft.processes.values()].flatMap((process) => [...process.entityTypes.values()]);
}

/** Its expressions by resource name: `main` where there is one. */
export function mapOf(input: EntityTypeInput): Record<string, string> {
  return Object.fromEntries(resourcesOf(input).map(([name, { resource }]) => [name, resource]));
}

/** Its resources by name, and whether they are said at length, not by an expression alone. */
export function resourcesOf(input: EntityTypeInput): [name: string, resource: ResourceInput, isAtLength: boolean][] {
  if (typeof input.map === 'string') return [['main', { resource: input.map }, false]];
  return Object.entries(input.map).map(([name, each]) =>
    typeof each === 'string' ? [name, { resource: each }, false] : [name, each, true],
  );
}

/** The functions of which there is a text, by name. */
export function functionsOf({ functions }: Draft): Record<string, string> {
  return Object.fromEntries([...functions].flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** Entity types that it depends on, whichever way they go. */
export function dependsOf(input: EntityTypeInput | undefined): string[] {
  const written = Object.values(input?.parents ?? {}).flatMap(({ writtenFrom }) => writtenFrom ?? []);
  return [...Object.keys(input?.dependsOn ?? {}), ...written];
}

export function mapping(value: unknown): Record<string, unknown> {
  return isMapping(value) ? value : {};
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parts<T>(value: unknown, read: (each: unknown, name: string) => T): Map<string, T> {
  return new Map(Object.entries(mapping(value)).map(([name, each]) => [name, read(each, name)]));
}
