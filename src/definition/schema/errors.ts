import { z } from 'zod';
import { durationForm, durationOf } from '../parts/duration.js';
import { shareForm, shareOf } from '../parts/share.js';
import { cadence, interval, notBoth, notBothText } from './words.js';

const isDuration = (text: string | undefined): text is string => text !== undefined && durationForm.test(text);

const backOff = z
  .strictObject({
    first: interval.optional().meta({ description: 'Before the second try; default 1 minute' }),
    longest: interval.optional().meta({ description: 'Up to which it doubles; default 1 day' }),
  })
  .refine(({ first, longest }) => !isDuration(first) || !isDuration(longest) || durationOf(first) <= durationOf(longest), {
    error: 'must have a "longest" that is not shorter than "first"',
  });

const count = z.int().min(1, 'must be at least 1');

const stopAfter = z.strictObject({
  consecutive: count.optional().meta({ description: 'Failures in a row; default 25' }),
  share: z
    .string()
    .regex(shareForm, 'must be a percentage, e.g. "50 %"')
    .refine((text) => !shareForm.test(text) || shareOf(text) <= 1, 'must be at most 100 %')
    .optional()
    .meta({ description: 'Failures among the last 200 records, more than which stop; default 50 %', examples: ['50 %'] }),
  open: count.optional().meta({ description: 'Open errored records of the process; default 5,000' }),
});

/** How a process deals with records that fail. */
export const errorsSchema = z
  .strictObject({
    ...cadence,
    attempts: count.max(1000, 'must be at most 1,000').optional().meta({ description: 'Tries before it waits for a person; default 20' }),
    backOff: z.union([interval, backOff]).optional().meta({ description: 'Before the second try; or with the longest, too' }),
    unclassified: z.enum(['retry', 'stop']).optional().meta({ description: 'What becomes of what no error type matches; default retry' }),
    stopAfter: stopAfter.optional().meta({ description: 'How many failures stop an entity type' }),
  })
  .refine(notBoth, notBothText)
  .meta({ description: 'The error process: every 30 minutes, where it says nothing else' });

export type ErrorsInput = z.infer<typeof errorsSchema>;
