import { ApplicationFailure, defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { parseInstant, type Instant } from '../src/model/instant.js';
import { clean } from '../src/model/clean.js';
import { getOwn } from '../src/model/keyed.js';
import type { SyncRecordResult } from './contracts.js';
import { LONGEST_ID } from './errored/bounds.js';
import type { Pause } from './pause.js';
import type { ProcessState } from './state.js';
import type { ProcessStatus } from './status.js';

export const pauseSignal = defineSignal<[unknown]>('pause');
export const resumeSignal = defineSignal<[unknown]>('resume');
export const runNowSignal = defineSignal<[unknown]>('runNow');
/**
 * From an errored record: a person decided about it, so that what the process knows of it is
 * behind.
 */
export const rowChangedSignal = defineSignal<[unknown]>('rowChanged');
export const rewindUpdate = defineUpdate<string, [RewindInput]>('rewind');
export const syncRecordUpdate = defineUpdate<SyncRecordResult, [RecordRequest]>('syncRecord');
export const statusQuery = defineQuery<ProcessStatus>('status');

export interface RewindInput {
  entityType: string;
  to: Instant;
}

/** One record that is to be brought over now. */
export interface RecordRequest {
  entityType: string;
  id: string;
  /** Also while the process is paused. */
  anyway?: boolean;
}

type Refused = { refused: string };

const MOST_TEXT = 500;

/** The payload of `pause`, or why it is refused. */
export function parsePause(payload: unknown, now: Instant): { pause: Pause; errorsOnly: boolean } | Refused {
  const given = payload ?? {};
  const wrong = whyNot('pause', given, ['reason', 'by', 'until', 'errorsOnly']);
  if (wrong !== undefined) return { refused: wrong };
  const { reason, by, until, errorsOnly } = membersOf(given);
  const pause: Pause = { since: now };
  for (const [name, value] of [['reason', reason] as const, ['by', by] as const]) {
    if (value === undefined) continue;
    if (typeof value !== 'string') return { refused: `pause: "${name}" must be text` };
    pause[name] = clean(value, MOST_TEXT);
  }
  if (until !== undefined) {
    const end = parseInstant(until);
    if (end === undefined || end <= now) return { refused: 'pause: "until" must be an ISO date-time with a zone, in the future' };
    pause.until = end;
  }
  return { pause, errorsOnly: errorsOnly === true };
}

/** The payload of `resume`, or why it is refused. */
export function parseResume(payload: unknown): { errorsOnly: boolean } | Refused {
  const wrong = whyNot('resume', payload ?? {}, ['errorsOnly']);
  return wrong === undefined ? { errorsOnly: membersOf(payload)['errorsOnly'] === true } : { refused: wrong };
}

/** The payload of `runNow`, or why it is refused. */
export function parseRunNow(payload: unknown): { errors: boolean } | Refused {
  const wrong = whyNot('runNow', payload ?? {}, ['errors']);
  return wrong === undefined ? { errors: membersOf(payload)['errors'] === true } : { refused: wrong };
}

/** What of a message is to be true or false. */
const SWITCHES = ['errorsOnly', 'errors', 'anyway'];

/** Why a payload is none of this message, in words; undefined where it may be. */
function whyNot(message: string, payload: unknown, takes: string[]): string | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return `${message} takes {${takes.map((name) => `"${name}"?`).join(', ')}}`;
  const unknown = Object.keys(payload).find((name) => !takes.includes(name));
  if (unknown !== undefined) return `${message} knows no "${clean(unknown, 40)}": it takes ${inWords(takes)}`;
  const members = membersOf(payload);
  const wrong = SWITCHES.find((name) => !['undefined', 'boolean'].includes(typeof getOwn(members, name)));
  return wrong === undefined ? undefined : `${message}: "${wrong}" must be true or false`;
}

function inWords(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/**
 * @throws ApplicationFailure `Refused`, in words for the operator, where the rewind is refused.
 * `running`: entity types that run now.
 */
export function checkRewind(input: unknown, state: ProcessState, running: string | undefined, now: Instant): RewindInput {
  const { entityType, to, ...rest } = membersOf(input);
  const unknown = Object.keys(rest)[0];
  const at = parseInstant(to);
  if (typeof entityType === 'string' && unknown !== undefined)
    throw refusal(`rewind knows no "${clean(unknown, 40)}": it takes entityType and to`);
  if (typeof entityType !== 'string' || at === undefined)
    throw refusal('rewind takes {"entityType": name, "to": ISO date-time with a zone, of a day that exists}');
  expectType(entityType, state);
  if (running === entityType) throw refusal(`${entityType} runs now: pause the process, wait until its state is paused, then rewind`);
  if (at > now) throw refusal('rewind goes back in time: "to" is in the future');
  const bookmark = getOwn(state.types, entityType)?.bookmark;
  if (bookmark && at > bookmark.at) throw refusal(`rewind goes back: ${entityType} has only got to ${bookmark.at}`);
  return { entityType, to: at };
}

/**
 * @throws ApplicationFailure `Refused`, in words for the operator, where a record is not brought
 * over by this request.
 */
export function checkRecordRequest(input: unknown, state: ProcessState): RecordRequest {
  const wrong = whyNot('syncRecord', input, ['entityType', 'id', 'anyway']);
  if (wrong !== undefined) throw refusal(wrong);
  const { entityType, id, anyway } = membersOf(input);
  if (typeof entityType !== 'string' || typeof id !== 'string' || id === '' || id.length > LONGEST_ID)
    throw refusal('syncRecord takes {"entityType": name, "id": the record’s id in its source, "anyway"?: true}');
  expectType(entityType, state);
  if (state.pause && anyway !== true)
    throw refusal('The process is paused, so no request is made to its systems. Resume it, or ask with "anyway": true.');
  return { entityType, id, ...(anyway === true ? { anyway } : {}) };
}

function expectType(entityType: string, { types }: ProcessState): void {
  const known = Object.keys(types);
  if (known.length === 0) throw refusal('The process has not made its first plan yet: ask again in a moment');
  if (!known.includes(entityType)) throw refusal(`This process has no entity type "${clean(entityType, 60)}". It has: ${known.join(', ')}`);
}

/**
 * Fails the update alone: one that was well when it arrived may be refused when it is taken, since
 * another came before it.
 */
function refusal(words: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(words, 'Refused');
}

function membersOf(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
}
