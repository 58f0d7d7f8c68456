import { z } from 'zod';
import type { ConnectorTypes } from '../connectors/registry.js';
import { definitionSchema } from './schema/definition.js';
import { entityTypeSchema, findSchema } from './schema/entity-type.js';
import { systemSchema } from './schema/system.js';

interface Shape {
  properties?: Record<string, unknown>;
  required?: string[];
  [keyword: string]: unknown;
}

/**
 * The JSON Schema of a definition, for editors to complete and check the YAML by: the language, and
 * in `systems`, `from` and `to` what each connector's own settings are.
 */
export function definitionJsonSchema(types: ConnectorTypes): object {
  const all = Object.entries(types);
  const parts = new Map<unknown, Shape[]>([
    [systemSchema, all.map(([name, { systemSettings }]) => ownOf(systemSettings, name))],
    [entityTypeSchema.shape.from, all.flatMap(([, { sourceSettings }]) => (sourceSettings ? [ownOf(sourceSettings)] : []))],
    [findSchema, all.flatMap(([, { lookUpSettings }]) => (lookUpSettings ? [ownOf(lookUpSettings)] : []))],
    [entityTypeSchema.shape.to, all.flatMap(([, { destinationSettings }]) => (destinationSettings ? [ownOf(destinationSettings)] : []))],
  ]);
  return z.toJSONSchema(definitionSchema, {
    ...options,
    override: ({ zodSchema, jsonSchema }) => {
      const settings = parts.get(zodSchema);
      if (settings && settings.length > 0) replace(jsonSchema, settings);
    },
  });
}

const options = { io: 'input', target: 'draft-7', reused: 'inline' } as const;

/**
 * A connector's settings; of a system with its name, which the editor tells the alternatives apart
 * by.
 */
function ownOf(schema: z.ZodType, connector?: string): Shape {
  const { properties, required = [] } = z.toJSONSchema(schema, options) as Shape;
  return { properties: { ...properties, ...(connector !== undefined ? { connector: { const: connector } } : {}) }, required };
}

/**
 * Makes of an object that takes any other key one for each connector, which takes that connector's.
 */
function replace(engine: Shape, settings: Shape[]): void {
  const { properties = {}, required = [], description } = engine;
  for (const keyword of Object.keys(engine)) if (keyword !== 'description') delete engine[keyword];
  engine['anyOf'] = settings.map((own) => ({
    type: 'object',
    properties: { ...properties, ...own.properties },
    required: [...new Set([...required, ...(own.required ?? [])])],
    additionalProperties: false,
    description,
  }));
}
