import { z } from 'zod';

const conditions = ['equals', 'contains', 'matches', 'status', 'code'] as const;

const text = z.string().min(1, 'must be text').max(1000, 'must have at most 1,000 characters');

export const errorTypeSchema = z
  .strictObject({
    equals: text.optional().meta({ description: 'The whole of the error’s text, ignoring case' }),
    contains: text.optional().meta({ description: 'A part of the error’s text, ignoring case' }),
    matches: text.optional().meta({ description: 'An RE2 expression on the error’s text, case as written' }),
    status: z
      .int()
      .min(100, 'must be a status of HTTP, 100 to 599')
      .max(599, 'must be a status of HTTP, 100 to 599')
      .optional()
      .meta({ description: 'The HTTP status of the system’s answer' }),
    code: text.optional().meta({ description: 'The error’s code, or what the system itself calls it' }),
    keep: z
      .array(z.string())
      .optional()
      .meta({ description: 'Named groups of "matches" that hold no person’s data: they are stored and shown' }),
    then: z.enum(['retry', 'wait-for-person', 'ignore', 'stop']).meta({ description: 'What becomes of the record' }),
    remedy: text.regex(/\S/, 'must say what a person can do').meta({ description: 'What a person can do about it, in one sentence' }),
  })
  .refine((type) => conditions.some((condition) => type[condition] !== undefined), {
    error: `must have at least one of ${conditions.join(', ')}`,
  })
  .meta({ description: 'How a failure is recognised (all conditions must hold), what happens next, and its remedy' });

export type ErrorTypeInput = z.infer<typeof errorTypeSchema>;
