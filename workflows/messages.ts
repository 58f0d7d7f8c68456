import { ApplicationFailure } from '@temporalio/workflow';
import { clean } from '../src/model/clean.js';
import type { Instant } from '../src/model/instant.js';
import { getOwn } from '../src/model/keyed.js';
import { parseRecordRequest, parseRewind, type RecordRequest, type RewindInput } from '../src/model/process-messages.js';
import type { ProcessState } from './state.js';

/**
 * @throws ApplicationFailure `Refused`, in words for the operator, where the rewind is refused.
 * `running`: the entity type that runs now.
 */
export function checkRewind(input: unknown, state: ProcessState, running: string | undefined, now: Instant): RewindInput {
  const rewind = parseRewind(input);
  if ('refused' in rewind) throw refusal(rewind.refused);
  const { entityType, to } = rewind;
  expectType(entityType, state);
  if (running === entityType) throw refusal(`${entityType} runs now: pause the process, wait until its state is paused, then rewind`);
  if (to > now) throw refusal('rewind goes back in time: "to" is in the future');
  const bookmark = getOwn(state.types, entityType)?.bookmark;
  if (bookmark && to > bookmark.at) throw refusal(`rewind goes back: ${entityType} has only got to ${bookmark.at}`);
  return rewind;
}

/**
 * @throws ApplicationFailure `Refused`, in words for the operator, where a record is not brought
 * over by this request.
 */
export function checkRecordRequest(input: unknown, state: ProcessState): RecordRequest {
  const request = parseRecordRequest(input);
  if ('refused' in request) throw refusal(request.refused);
  expectType(request.entityType, state);
  if (state.pause && request.anyway !== true)
    throw refusal('The process is paused, so no request is made to its systems. Resume it, or ask with "anyway": true.');
  return request;
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
