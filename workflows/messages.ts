import { ApplicationFailure, defineQuery, defineSignal, defineUpdate, patched } from '@temporalio/workflow';
import { parseInstant, type Instant } from '../src/model/instant.js';
import { clean } from '../src/model/clean.js';
import type { Pause, ProcessState } from './state.js';
import type { ErrorsStatus } from './errors/status.js';
import type { ProcessStatus } from './status.js';
import { getOwn } from '../src/model/keyed.js';

export const pauseSignal = defineSignal<[unknown]>('pause');
export const resumeSignal = defineSignal<[unknown]>('resume');
export const runNowSignal = defineSignal<[unknown]>('runNow');
/** From a regular process to its error process: the pause to rest by, or null to go on. */
export const followSignal = defineSignal<[unknown]>('follow');
export const rewindUpdate = defineUpdate<string, [RewindInput]>('rewind');
export const statusQuery = defineQuery<ProcessStatus>('status');
/** To an error process: a record is in step on which children wait. */
export const releasedSignal = defineSignal('released');
export const errorsStatusQuery = defineQuery<ErrorsStatus>('status');

export interface RewindInput {
  entityType: string;
  to: Instant;
}

const MOST_TEXT = 500;

/** As earlier releases took it: also a day alone, and days that do not exist. */
export function parseLoosely(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(value))
    return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** In a signal, of which a history may hold one that an earlier release took. */
function signalled(value: unknown): Instant | undefined {
  const strict = parseInstant(value);
  if (strict !== undefined) return strict;
  const loose = parseLoosely(value);
  return loose !== undefined && !patched('strict-instants') ? loose : undefined;
}

/** What a message has that it does not take, in words; undefined where there is nothing else in it. */
function knowsNo(others: Record<string, unknown>, message: string, takes: string): string | undefined {
  const [unknown] = Object.keys(others);
  return unknown === undefined ? undefined : `${message} knows no "${clean(unknown, 40)}": it takes ${takes}`;
}

/** The payload of `pause`, or why it is refused. */
export function parsePause(payload: unknown, now: Instant): Pause | { refused: string } {
  if (payload === undefined || payload === null) return { since: now };
  if (typeof payload !== 'object' || Array.isArray(payload)) return { refused: 'pause takes {"reason"?, "by"?, "until"?, "only"?}' };
  const { reason, by, until, only, ...rest } = payload as Record<string, unknown>;
  const unknown = knowsNo(rest, 'pause', 'reason, by, until and only');
  if (unknown !== undefined) return { refused: unknown };
  if (only !== undefined && typeof only !== 'boolean') return { refused: 'pause: "only" must be true or false' };
  const pause: Pause = { since: now, ...(only === true ? { only } : {}) };
  for (const [name, value] of [['reason', reason] as const, ['by', by] as const]) {
    if (value === undefined) continue;
    if (typeof value !== 'string') return { refused: `pause: "${name}" must be text` };
    pause[name] = clean(value, MOST_TEXT);
  }
  if (until !== undefined) {
    const end = signalled(until);
    if (end === undefined || end <= now) return { refused: 'pause: "until" must be an ISO date-time with a zone, in the future' };
    pause.until = end;
  }
  return pause;
}

/** The payload of `follow`: the pause to rest by, null to go on, or why it is refused. */
export function parseFollow(payload: unknown, now: Instant): Pause | null | { refused: string } {
  if (payload === null) return null;
  const { since, reason, by, until } = membersOf(payload);
  const [begun, end] = [signalled(since), until === undefined ? undefined : signalled(until)];
  if (begun === undefined || !isText(reason) || !isText(by) || (until !== undefined && end === undefined))
    return { refused: 'follow: the payload is not of the shape a regular process sends' };
  return {
    since: begun < now ? begun : now,
    ...(reason !== undefined ? { reason: clean(reason, MOST_TEXT) } : {}),
    ...(by !== undefined ? { by: clean(by, MOST_TEXT) } : {}),
    ...(end !== undefined ? { until: end } : {}),
  };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** Why the payload of `resume` is refused; undefined where it is not. */
export function whyResumeRefused(payload: unknown): string | undefined {
  if (payload === undefined || payload === null) return undefined;
  if (typeof payload !== 'object' || Array.isArray(payload)) return 'resume takes {"only"?}';
  const { only, ...rest } = payload as Record<string, unknown>;
  const unknown = knowsNo(rest, 'resume', 'only');
  if (unknown !== undefined) return unknown;
  return only === undefined || typeof only === 'boolean' ? undefined : 'resume: "only" must be true or false';
}

/** Whether a message is for the regular process alone, not for its error process. */
export function pausesOnly(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && (payload as { only?: unknown }).only === true;
}

/** @throws Error, in words for the operator, where the rewind is refused. `running`: entity types that run now. */
export function checkRewind(input: unknown, state: ProcessState, running: string | undefined, now: Instant): void {
  const { entityType, to, ...rest } = membersOf(input);
  const unknown = knowsNo(rest, 'rewind', 'entityType and to');
  const at = parseInstant(to);
  if (typeof entityType === 'string' && unknown !== undefined) throw new Error(unknown);
  if (typeof entityType !== 'string' || at === undefined)
    throw new Error('rewind takes {"entityType": name, "to": ISO date-time with a zone, of a day that exists}');
  const known = Object.keys(state.types);
  if (!known.includes(entityType))
    throw new Error(`This process has no entity type "${clean(entityType, 60)}". It has: ${known.join(', ')}`);
  if (running === entityType) throw new Error(`${entityType} runs now: pause the process, wait until its state is paused, then rewind`);
  if (at > now) throw new Error('rewind goes back in time: "to" is in the future');
  const bookmark = getOwn(state.types, entityType)?.bookmark;
  if (bookmark && at > bookmark.at) throw new Error(`rewind goes back: ${entityType} has only got to ${bookmark.at}`);
}

/** A rewind that was found good, now or by an earlier release, which a history may hold. */
export function acceptedRewind(input: unknown): RewindInput {
  const { entityType, to } = membersOf(input);
  const at = parseLoosely(to);
  if (typeof entityType !== 'string' || at === undefined) throw ApplicationFailure.nonRetryable('rewind takes {"entityType", "to"}');
  return { entityType, to: at };
}

function membersOf(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
}
