import { z } from 'zod';
import { duration } from './words.js';

/**
 * The engine's own settings of a system; all others belong to its connector, which has a schema for
 * them.
 */
export const systemSchema = z
  .looseObject({
    connector: z.string().meta({ description: 'The kind of system' }),
    tenant: z.string().optional().meta({ description: 'Tells apart organisations on one server: bookmarks belong to it' }),
    link: z.string().optional().meta({
      description: 'Where a person sees a record of this system: an address with {id} and, where wanted, {entityType} in it',
    }),
    margin: duration.optional().meta({ description: 'How far behind the system’s clock a cycle reads; default 10 s' }),
    clockBound: duration.optional().meta({ description: 'How far the system’s clock and the worker’s may differ; default 5 s' }),
    overlap: duration.optional().meta({ description: 'How much is read again at the start of a cycle; default 1 s' }),
    pageSize: z
      .int()
      .min(1, 'must be 1 to 1000')
      .max(1000, 'must be 1 to 1000')
      .optional()
      .meta({ description: 'Records a page; default 200' }),
  })
  .meta({ description: 'One side of the integration; settings beside these are its connector’s' });

export type SystemInput = z.infer<typeof systemSchema>;
