import type { ClassifiedError } from '../../src/errors/classified-error.js';
import { clean } from '../../src/model/clean.js';
import type { Instant } from '../../src/connectors/connector.js';
import type { RowMessage } from './row.js';
import type { WaitingChild } from '../../src/model/waiting-child.js';

/** What messages to one row are judged by. */
export interface RowLimits {
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
const LONGEST_WAIT = 31 * 86_400_000;
const MAX_ATTEMPT = 1_000_000;
const MAX_WORD = 60;
const MAX_TEXT = 4_000;
const MAX_KEPT = 100;

/**
 * Names that a definition can give: what is no such name is neither an entity type nor an error
 * type, and would be more in a query.
 */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,59}$|^[A-Za-z0-9-]{1,60}$/;
const ACTIONS: readonly string[] = ['retry', 'wait-for-person', 'ignore', 'stop'] satisfies ClassifiedError['then'][];

/** Whether this is a name that a definition can give. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/**
 * A message of the right shape and size as a row takes it, made anew of what is known alone: stamps
 * no further ahead of now than clocks may differ, told times not ahead of it, texts cleaned, links
 * to the host of the record’s system. Or why it is refused.
 */
export function received(message: RowMessage, limits: RowLimits): RowMessage | { refused: string } {
  const { kind } = message;
  if ('stamp' in message && isAhead(message.stamp, limits))
    return {
      refused: `${kind}: its stamp (${message.stamp}) lies ahead of now by more than ${limits.clockBound} ms; set all clocks by NTP`,
    };
  const wrong = childrenOf(message).find(({ entityType }) => !isName(entityType));
  if (wrong) return { refused: `${kind}: a child's entityType is no name of one` };
  const at = earlier(message.at, limits.now);
  switch (message.kind) {
    case 'failed': {
      const { version, stamp, digest, error, attempt, retryAt, ignore, link, waits, looked } = message;
      if (!isName(error.errorType)) return { refused: 'failed: errorType is no name of one' };
      if (!ACTIONS.includes(error.then)) return { refused: `failed: "then" is none of ${ACTIONS.join(', ')}` };
      const where = linkOn(link, limits.host);
      return {
        ...{ kind: 'failed', version, stamp, digest, error: cleanError(error), at, attempt: Math.min(attempt, MAX_ATTEMPT) },
        ...(retryAt !== undefined ? { retryAt: earlier(retryAt, later(limits.now, LONGEST_WAIT)) } : {}),
        ...(ignore ? { ignore } : {}),
        ...(waits ? { waits } : {}),
        ...(looked === true ? { looked } : {}),
        ...(where !== undefined ? { link: where } : {}),
      };
    }
    case 'synced': {
      const { version, stamp, looked } = message;
      return { kind: 'synced', version, stamp, at, ...(looked === true ? { looked } : {}), ...told(message) };
    }
    case 'gone':
      return { kind: 'gone', at, ...told(message) };
    case 'waiting':
      return { kind: 'waiting', at, children: message.children.map(asChild) };
    default:
      return message;
  }
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

/** What a message tells of children, and who says it. */
function told({ released, by }: { released?: WaitingChild[] | 'all'; by?: unknown }): { released?: WaitingChild[] | 'all'; by?: string } {
  const who = typeof by === 'string' ? clean(by, MAX_WORD) : '';
  return {
    ...(released === undefined ? {} : { released: released === 'all' ? released : released.map(asChild) }),
    ...(who !== '' ? { by: who } : {}),
  };
}

function childrenOf(message: RowMessage): WaitingChild[] {
  const children = 'children' in message ? message.children : 'released' in message ? message.released : [];
  return Array.isArray(children) ? children : [];
}

function asChild({ entityType, id, version }: WaitingChild): WaitingChild {
  return { entityType, id, version };
}

function cleanError({ errorType, then, code, message, remedy, status, path, expression, kept }: ClassifiedError): ClassifiedError {
  const parts = Object.entries(kept ?? {}).slice(0, MAX_KEPT);
  return {
    errorType,
    then,
    code: clean(code, MAX_TEXT),
    message: clean(message, MAX_TEXT),
    remedy: clean(remedy, MAX_TEXT),
    ...(status !== undefined ? { status } : {}),
    ...(path !== undefined ? { path: clean(path, MAX_TEXT) } : {}),
    ...(expression !== undefined ? { expression: clean(expression, MAX_TEXT) } : {}),
    ...(kept !== undefined ? { kept: Object.fromEntries(parts.map(([name, value]) => [clean(name, 200), clean(value, 1_000)])) } : {}),
  };
}

function isAhead(stamp: Instant, { now, clockBound }: RowLimits): boolean {
  return Date.parse(stamp) - Date.parse(now) > clockBound;
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function later(instant: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
