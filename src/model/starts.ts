import { z } from 'zod';
import { isName } from './names.js';
import { parseMessage, type Refused } from './parse-message.js';
import { MAX_ID } from './row-messages.js';
import { instantSchema } from './schemas.js';

/** Milliseconds: clocks that differ by more are no clocks. */
const HOUR = 3_600_000;

/** What an operator starts a process with; its bookmarks are checked by its first plan. */
const process = z.strictObject({
  process: z.string('must be "<integration>/<process>"'),
  bookmarks: z.unknown().optional(),
  acceptSystems: z.boolean('must be true or false').exactOptional(),
});

/** What the engine opens an errored record with. */
const erroredRecord = z.looseObject({
  v: z.literal(1),
  process: z.string().refine((id) => /^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)),
  entityType: z.string().refine(isName),
  id: z.string().min(1).max(MAX_ID),
  at: instantSchema(),
  host: z.string().max(300).exactOptional(),
  clockBound: z.number().min(0).max(HOUR).exactOptional(),
});

/** The start input of a process, or why it is refused. */
export function parseStart(input: unknown): { process: string } | Refused {
  return parseMessage('Start input', process, input);
}

/** Whether the engine may have opened a row with this. */
export function isRowInput(input: unknown): boolean {
  return erroredRecord.safeParse(input).success;
}
