import { z } from 'zod';
import { cadence, entityTypeName, expression, name, notBoth, notBothText } from './words.js';

const removal = z.enum(['remove', 'mark', 'keep']);

const key = z.strictObject({ system: z.string().min(1, 'must be left out, or not be empty').optional(), value: expression });

const from = z
  .looseObject({
    system: z.string(),
    with: z.record(name, z.unknown()).optional().meta({ description: 'Related source records to join. Not built yet' }),
    collect: z.unknown().optional().meta({ description: 'Not built yet' }),
  })
  .meta({ description: 'The source; settings beside these are its connector’s' });

const to = z
  .looseObject({
    system: z.string(),
    key: z
      .union([
        key,
        z.record(name, key).refine((keys) => Object.keys(keys).length > 0, 'must have "value", or a key by the name of its resource'),
      ])
      .optional()
      .meta({
        description: 'A business key that meets records which are there already; under its resource’s name where there are several',
      }),
    adopt: z.boolean().optional().meta({ description: 'Whether records Sangam did not write may be taken over; default false' }),
  })
  .meta({ description: 'The destination; settings beside these are its connector’s' });

/** `find:` of a parent: what the engine has of it. */
export const findSchema = z
  .looseObject({
    value: expression.optional(),
    of: z.string().optional().meta({ description: 'Another parent, within which it is looked for' }),
  })
  .meta({ description: 'How it is looked for where the record is written; settings beside these are its connector’s' });

const parent = z
  .strictObject({
    system: z.string().meta({ description: 'The system that owns the parent: that of “to”' }),
    writtenFrom: entityTypeName
      .optional()
      .meta({ description: 'The entity type that goes the other way, of which the parent is a record' }),
    reference: expression.optional().meta({ description: 'Expression of the reference to what was written from the parent' }),
    find: findSchema.optional(),
  })
  .meta({ description: 'A parent that is owned by the system which is written to, and so only looked up' });

const concepts = z.strictObject({
  unmapped: z.enum(['report', 'ignore', 'hold']).optional().meta({ description: 'Default report' }),
  ignore: z.array(z.string()).optional().meta({ description: 'Concepts no mapping needs to read' }),
});

const resource = z
  .strictObject({
    resource: expression.meta({ description: 'Expression of the resource; where there is “each”, $ is the item and $$ the record' }),
    each: expression.optional().meta({ description: 'Expression of a list: there is a resource for each of its items' }),
    id: expression.optional().meta({ description: 'Expression over an item: what tells it from the others of its record' }),
    shared: z
      .boolean()
      .optional()
      .meta({ description: 'It is made where its key is not there yet, and then left alone; whoever needs it shares it' }),
  })
  .refine((given) => (given.each === undefined) === (given.id === undefined), 'must have "each" and "id", or neither')
  .refine((given) => given.each === undefined || given.shared !== true, 'must have "each" or "shared", not both')
  .meta({ description: 'A resource, or one for each item of a list' });

export const entityTypeSchema = z
  .strictObject({
    ...cadence,
    formerly: z
      .union([entityTypeName, z.array(entityTypeName)])
      .optional()
      .meta({ description: 'Earlier names, whose records are still its own' }),
    since: z.iso
      .datetime({ offset: true, error: 'must be an ISO instant with zone, e.g. "2026-01-01T00:00:00Z"' })
      .optional()
      .meta({ description: 'Skips what was last changed up to then' }),
    dependsOn: z
      .record(entityTypeName, expression)
      .optional()
      .meta({ description: 'Parent entity type: expression of the parent’s record id' }),
    from,
    to,
    map: z
      .union([
        expression,
        z.record(name, z.union([expression, resource])).refine((map) => Object.keys(map).length > 0, 'must have at least one expression'),
      ])
      .meta({ description: 'One expression, or named ones' }),
    when: expression.optional().meta({ description: 'Whether a record moves' }),
    whenNoLonger: removal.optional().meta({ description: 'What becomes of what was written when "when" no longer holds' }),
    whenVoided: removal.optional().meta({ description: 'What becomes of what was written when the record is voided' }),
    concepts: concepts.optional(),
    collect: z.unknown().optional().meta({ description: 'Not built yet' }),
    parents: z
      .record(name, parent)
      .optional()
      .meta({ description: 'Parents owned by the system that is written to, by their names in $parent' }),
    owns: z.unknown().optional().meta({ description: 'Fields of a shared record. Not built yet' }),
    once: z.boolean().optional().meta({ description: 'At most once per key. Not built yet' }),
    whenEdited: z
      .enum(['report', 'hold', 'overwrite'])
      .optional()
      .meta({ description: 'What happens where others changed in the destination what was written there; default report' }),
    whenKeyMissing: z.enum(['derive', 'filter', 'fail']).optional().meta({
      description:
        'Without a value for its key a record is written under an id that is derived from it, and takes its key later (derive), is left out (filter), or is an error (fail, the default)',
    }),
    whenParentMissing: z.enum(['bring', 'hold', 'filter', 'fail']).optional().meta({
      description:
        'Without its parent a record waits (hold), is left out (filter) or is an error (fail); bring, the default under dependsOn, brings the parent over first; default of parents: hold',
    }),
  })
  .refine(notBoth, notBothText)
  .meta({ description: 'One kind of record that moves, in one direction' });

export type EntityTypeInput = z.infer<typeof entityTypeSchema>;
export type ResourceInput = z.infer<typeof resource>;
