import { z } from 'zod';
import { clean } from './clean.js';
import type { Instant } from './instant.js';
import { parseMessage, type Refused } from './parse-message.js';
import { MAX_ID } from './row-messages.js';
import { givenInstant } from './schemas.js';

/** Characters of what a person says. */
const MAX_SAID = 500;

const said = z.string('must be text').transform((text) => clean(text, MAX_SAID));
const yes = z.boolean('must be true or false');
const entityType = z.string('must be the name of an entity type');

const pause = z.strictObject({
  reason: said.exactOptional(),
  by: said.exactOptional(),
  until: givenInstant().exactOptional(),
  errorsOnly: yes.default(false),
});

const resume = z.strictObject({ errorsOnly: yes.default(false) });
const runNow = z.strictObject({
  errors: yes.default(false),
  plan: z
    .string('must be the digest that npx sangam plan prints')
    .regex(/^[0-9a-f]{16}$/, 'must be the digest that npx sangam plan prints')
    .exactOptional(),
});
const rewind = z.strictObject({ entityType, to: givenInstant() });

const syncRecord = z.strictObject({
  entityType,
  id: z.string('must be the record’s id in its source').min(1, 'must not be empty').max(MAX_ID, `must have at most ${MAX_ID} characters`),
  /** Also while the process is paused. */
  anyway: yes.exactOptional(),
});

/** A pause that is in force. */
export interface Pause {
  since: Instant;
  reason?: string;
  by?: string;
  until?: Instant;
}

export type RewindInput = z.output<typeof rewind>;

/** One record that is to be brought over now. */
export type RecordRequest = z.output<typeof syncRecord>;

/** The payload of `pause`, or why it is refused. */
export function parsePause(payload: unknown, now: Instant): { pause: Pause; errorsOnly: boolean } | Refused {
  const given = parseMessage('pause', pause, payload);
  if ('refused' in given) return given;
  const { errorsOnly, ...asked } = given;
  if (asked.until !== undefined && asked.until <= now) return { refused: 'pause: "until" must lie in the future' };
  return { pause: { since: now, ...asked }, errorsOnly };
}

/** The payload of `resume`, or why it is refused. */
export function parseResume(payload: unknown): z.output<typeof resume> | Refused {
  return parseMessage('resume', resume, payload);
}

/** The payload of `runNow`, or why it is refused. */
export function parseRunNow(payload: unknown): z.output<typeof runNow> | Refused {
  const given = parseMessage('runNow', runNow, payload);
  if (!('refused' in given) && given.errors && given.plan !== undefined)
    return { refused: 'runNow takes "errors" or "plan", not both: a plan is of changes' };
  return given;
}

/** The payload of `rewind`, or why it is refused. */
export function parseRewind(payload: unknown): RewindInput | Refused {
  return parseMessage('rewind', rewind, payload);
}

/** The payload of `syncRecord`, or why it is refused. */
export function parseRecordRequest(payload: unknown): RecordRequest | Refused {
  return parseMessage('syncRecord', syncRecord, payload);
}
