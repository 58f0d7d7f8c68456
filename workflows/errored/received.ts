import type { Instant } from '../../src/model/instant.js';
import type { Refused } from '../../src/model/parse-message.js';
import type { RowMessage } from '../../src/model/row-messages.js';

/** What messages to one row are judged by. */
interface RowLimits {
  now: Instant;
  /** Milliseconds by which a stamp may lie ahead of now. */
  clockBound: number;
  /** Where links may lead; nowhere where absent. */
  host?: string;
}

/**
 * Milliseconds: no definition has a record wait longer, and one that is told to is tried once more
 * then.
 */
const MAX_WAIT = 31 * 86_400_000;

/**
 * A message as a row takes it: its stamp no further ahead of now than clocks may differ, told times
 * not ahead of it, its link to the host of the record’s system. Or why it is refused.
 */
export function received(message: RowMessage, { now, clockBound, host }: RowLimits): RowMessage | Refused {
  const { kind } = message;
  if ('stamp' in message && Date.parse(message.stamp) - Date.parse(now) > clockBound)
    return { refused: `${kind}: its stamp (${message.stamp}) lies ahead of now by more than ${clockBound} ms; set all clocks by NTP` };
  const told = { ...message, at: earlier(message.at, now) };
  if (told.kind !== 'failed') return told;
  const { link, retryAt, ...failed } = told;
  const where = linkOn(link, host);
  return {
    ...failed,
    ...(retryAt !== undefined ? { retryAt: earlier(retryAt, new Date(Date.parse(now) + MAX_WAIT).toISOString()) } : {}),
    ...(where !== undefined ? { link: where } : {}),
  };
}

/**
 * The address of a record where it leads to the host of its system over HTTP; undefined anywhere
 * else.
 */
function linkOn(link: string | undefined, host: string | undefined): string | undefined {
  if (link === undefined || host === undefined || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  const isThere = ['http:', 'https:'].includes(url.protocol) && url.host === host && url.username === '' && url.password === '';
  // As it is parsed, so that nothing in it reads as markdown or turns a line.
  return isThere ? url.href.replace(/[()[\]<>\\`*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`) : undefined;
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
