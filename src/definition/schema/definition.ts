import { z } from 'zod';
import { codeTableSchema } from './code-table.js';
import { entityTypeSchema } from './entity-type.js';
import { errorTypeSchema } from './error-type.js';
import { errorsSchema } from './errors.js';
import { systemSchema } from './system.js';
import { cadence, entityTypeName, expression, functionName, name, notBoth, notBothText, slug } from './words.js';

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
    include: z
      .array(z.string().min(1, 'must be a file or a folder'))
      .optional()
      .meta({ description: 'Files, and folders of *.yaml, below this file’s folder, with more sections of this definition' }),
    systems: z.record(name, systemSchema).refine(...atLeastOne('system')),
    codes: z.record(name, codeTableSchema).optional(),
    functions: z
      .record(functionName, expression)
      .optional()
      .meta({ description: 'JSONata functions that all expressions may call: name without "$": function($value, …) { … }' }),
    errorTypes: z
      .record(name, errorTypeSchema)
      .optional()
      .meta({ description: 'Named classes of failure; the first that matches wins, before those the connectors and the engine have' }),
    processes: z.record(slug, processSchema).refine(...atLeastOne('process')),
  })
  .meta({ title: 'Sangam definition', description: 'Systems joined to one another, and the records that move between them' });
