import { z } from 'zod';
import { codeTableSchema } from './code-table.js';
import { entityTypeSchema, errorsSchema } from './entity-type.js';
import { systemSchema } from './system.js';
import { cadence, entityTypeName, name, notBoth, notBothText, slug } from './words.js';

const errorTypeSchema = z.strictObject({
  equals: z.string().optional(),
  contains: z.string().optional(),
  matches: z.string().optional(),
  status: z.int().optional(),
  code: z.string().optional(),
  keep: z.array(z.string()).optional(),
  then: z.enum(['retry', 'wait-for-person', 'ignore', 'stop']),
  remedy: z.string(),
});

/** A process but for its entity types, so that each part can be read though another is wrong. */
export const processHeadSchema = z.object({ ...cadence }).refine(notBoth, notBothText);

const atLeastOne = (what: string) =>
  [(value: Record<string, unknown>): boolean => Object.keys(value).length > 0, `must have at least one ${what}`] as const;

const processSchema = z
  .strictObject({
    ...cadence,
    errors: errorsSchema.optional(),
    entityTypes: z.record(entityTypeName, entityTypeSchema).refine(...atLeastOne('entity type')),
  })
  .refine(notBoth, notBothText)
  .meta({ description: 'Entity types that depend on one another' });

/** A definition file, but for what its connectors say about their own settings. */
export const definitionSchema = z
  .strictObject({
    integration: slug.meta({ description: 'The name of the integration, unique among all definitions' }),
    systems: z.record(name, systemSchema).refine(...atLeastOne('system')),
    codes: z.record(name, codeTableSchema).optional(),
    errorTypes: z.record(name, errorTypeSchema).optional().meta({ description: 'Not built yet' }),
    processes: z.record(slug, processSchema).refine(...atLeastOne('process')),
  })
  .meta({ title: 'Sangam definition', description: 'One Avni organisation joined to one other system' });
