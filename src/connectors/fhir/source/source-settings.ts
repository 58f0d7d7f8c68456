import { z } from 'zod';
import { notTold } from '../part.js';
import { resourceType, text, token } from '../settings.js';

/**
 * A search parameter that the definition may set: those that begin with `_` are the reading's own,
 * but a few.
 */
const parameter = z
  .string()
  .regex(/^(?:_(?:tag|security|profile|source|has|list|text|content)\b|[A-Za-z])[\w.:-]{0,99}$/, 'is no search parameter that may be set');

/** What is joined: `result`, of the type that is read, or `Encounter:location`. */
const included = z.string().regex(/^[A-Za-z][\w:-]{0,99}$/, 'must be a search parameter, such as result or DiagnosticReport:result');

/** A year. */
const MAX_HOURS = 366 * 24;

export const fhirSourceSettings = z
  .strictObject({
    resource: resourceType.meta({ description: 'The type of FHIR R4 that is read', examples: ['DiagnosticReport'] }),
    category: token.optional().meta({ description: 'Only resources of this category: code, or system|code', examples: ['LAB'] }),
    code: token.optional().meta({ description: 'Only resources of this code: code, or system|code' }),
    tag: token.optional().meta({ description: 'Only resources with this tag in meta: code, or system|code' }),
    search: z
      .record(parameter, z.union([text, z.array(text).min(1)]))
      .optional()
      .meta({ description: 'More search parameters, as the server knows them', examples: [{ status: 'final,amended' }] }),
    include: z
      .array(included)
      .min(1)
      .optional()
      .meta({ description: 'Search parameters whose resources are joined, by _include', examples: [['result']] }),
    sorted: z.boolean().optional().meta({ description: 'false: the server does not sort by _lastUpdated; where absent it is found out' }),
    deleted: z.enum(['history', 'reread', 'ignore']).default('ignore').meta({
      description: 'How deletions are noticed: by the _history of the type, by looking at times for all that was written, or not at all',
    }),
    rereadHours: z
      .int()
      .min(1)
      .max(MAX_HOURS)
      .optional()
      .meta({
        description: 'With deleted: reread, how often it looks: every so many hours, from midnight UTC; default 24',
        examples: [24],
      }),
    parents: z
      .record(resourceType, z.string().regex(/^[a-z][a-z-]{0,99}$/, 'must be a search parameter'))
      .optional()
      .meta({ description: 'Type of a parent: the search parameter that leads to it', examples: [{ Encounter: 'encounter' }] }),
  })
  .superRefine(({ resource, category, code, deleted, rereadHours }, context) => {
    if (rereadHours !== undefined && deleted !== 'reread')
      context.addIssue({ code: 'custom', path: ['rereadHours'], message: 'must be given with deleted: reread alone' });
    for (const name of notTold(resource, { category, code }))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `${resource} has no element ${name} in FHIR R4: use search, with a parameter of that type`,
      });
  });

export type FhirSourceSettings = z.infer<typeof fhirSourceSettings>;
