import { z } from 'zod';
import { clean } from './clean.js';
import type { ClassifiedError } from './classified-error.js';
import { isName } from './names.js';
import { parseMessage, type Refused } from './parse-message.js';
import { instantSchema } from './schemas.js';
import { MAX_WAITING } from './waiting-child.js';
import { unfrozen } from './unfrozen.js';

/** Characters of an id that a row takes. */
export const MAX_ID = 2_000;
/** Characters of the address of a record that a row takes. */
export const MAX_LINK = 4_000;
/**
 * Children that one message may tell to be carried over: more than a row lists, since some may have
 * come meanwhile.
 */
export const MAX_RELEASED = 2 * MAX_WAITING;

const MAX_VERSION = 500;
/** Characters of a message, a remedy, a path or an expression. */
const MAX_TEXT = 4_000;
const MAX_KEPT = 100;
const MAX_ATTEMPT = 1_000_000;
/** Characters of what a person says. */
const MAX_SAID = 500;

const text = z.string('must be text');
const bounded = (most: number) => text.max(most, `must have at most ${most} characters`);
const cleaned = (most: number) => bounded(most).transform((given) => clean(given, most));
/** What people say is cut, and not refused. */
const said = text.transform((given) => clean(given, MAX_SAID));
const name = text.refine(isName, 'must be a name that a definition can give');
const isTrue = z.literal(true, 'must be true');

/** Which part of the engine says so; a person does where it is absent or empty. */
const by = text.transform((given) => clean(given, 60)).exactOptional();

/**
 * A record's failure as a row takes it. Temporal ends a workflow whose search attribute has more
 * than 2,048 bytes, or whose memo is too large: its record would be lost from sight.
 */
export const classifiedErrorSchema = unfrozen<z.ZodType<ClassifiedError>>(
  z.object({
    errorType: name,
    then: z.enum(['retry', 'wait-for-person', 'ignore', 'stop'], 'must be retry, wait-for-person, ignore or stop'),
    code: cleaned(400),
    message: cleaned(MAX_TEXT),
    remedy: cleaned(MAX_TEXT),
    status: z.int('must be a whole number').min(0, 'must be an HTTP status').max(999, 'must be an HTTP status').exactOptional(),
    path: cleaned(MAX_TEXT).exactOptional(),
    expression: cleaned(MAX_TEXT).exactOptional(),
    kept: z
      .record(bounded(1_000), cleaned(1_000), 'must hold texts')
      .refine((kept) => Object.keys(kept).length <= MAX_KEPT, `must have at most ${MAX_KEPT} parts`)
      .transform((kept) => Object.fromEntries(Object.entries(kept).map(([key, value]) => [clean(key, 200), value])))
      .exactOptional(),
  }),
);

const child = z.object({ entityType: name, id: bounded(MAX_ID), version: bounded(MAX_VERSION) }, 'must name a child');
const children = (most: number) => z.array(child, 'must be a list').max(most, `must be at most ${most} children`);
const released = z.union([z.literal('all'), children(MAX_RELEASED)]).exactOptional();

/** The state of a record: `version` and `stamp` are its own. */
const state = { version: bounded(MAX_VERSION), stamp: instantSchema(), at: instantSchema() };

const failed = z.object({
  ...state,
  /** Of the definition it failed under. */
  digest: bounded(200),
  error: classifiedErrorSchema(),
  /** The number of this try, so that the same news told twice counts once. */
  attempt: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .transform((count) => Math.min(count, MAX_ATTEMPT)),
  /** Absent where it waits for a person. */
  retryAt: instantSchema().exactOptional(),
  ignore: isTrue.exactOptional(),
  link: bounded(MAX_LINK).exactOptional(),
  /** It was not tried itself, since its parent is errored: no attempt is used up by it. */
  waits: isTrue.exactOptional(),
  /** From a try of the errored record itself. */
  looked: isTrue.exactOptional(),
});

const synced = z.object({
  ...state,
  /** The children that were carried over since. */
  released,
  looked: isTrue.exactOptional(),
  by,
});

const gone = z.object({ at: instantSchema(), released, by });
const waiting = z.object({ at: instantSchema(), children: children(MAX_WAITING) });
const decision = z.strictObject({ by: said.exactOptional(), reason: said.exactOptional() });

/** A try failed. */
export type FailedMessage = z.output<typeof failed>;
/** This state is in step in the destination. */
export type SyncedMessage = z.output<typeof synced>;

export type RowMessage =
  | ({ kind: 'failed' } & FailedMessage)
  | ({ kind: 'synced' } & SyncedMessage)
  /** It no longer exists in its source, and the removal policy was applied. */
  | ({ kind: 'gone' } & z.output<typeof gone>)
  | ({ kind: 'waiting' } & z.output<typeof waiting>)
  | { kind: 'retry'; at: string; by?: string; reason?: string }
  | { kind: 'ignore'; at: string; by?: string; reason: string };

const told = { failed, synced, gone, waiting };

/**
 * A message to a row as it arrived, made of what is known alone and with its texts cleaned; or why
 * it is refused. What the engine sends is checked too: a row outlives the release that opened it.
 */
export function parseRowMessage(kind: RowMessage['kind'], payload: unknown, now: string): RowMessage | Refused {
  if (kind !== 'retry' && kind !== 'ignore') {
    const message = parseMessage<object>(kind, told[kind], payload);
    return 'refused' in message ? (message as Refused) : ({ kind, ...message } as RowMessage);
  }
  const given = parseMessage(kind, decision, payload);
  if ('refused' in given) return given;
  const { reason, ...who } = given;
  if (kind === 'retry') return { kind, at: now, ...given };
  if (reason === undefined || reason === '') return { refused: 'ignore needs a reason: {"reason": "…", "by"?: "…"}' };
  return { kind, at: now, ...who, reason };
}
