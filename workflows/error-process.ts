import { upsertMemo } from '@temporalio/workflow';
import { marked } from '../src/model/markdown.js';
import { checkChildInput } from './check-input.js';
import type { ErrorProcessInput } from './contracts.js';
import { write, writingActivities } from './writing.js';
import type { ErrorProcessResult } from '../src/model/turns.js';

/** Stands for an entity type where none is in hand. */
const WHOLE = 'all';

/**
 * Tries the errored records of a process again that are due, all its entity types in order, one
 * activity after another, for one turn at most. Failure comes back as data. Its memo has the pass,
 * with its bookmark, after each activity.
 */
export async function errorProcess(input: ErrorProcessInput): Promise<ErrorProcessResult> {
  checkChildInput('errorProcess', input);
  const { process, digest, changedAt, openUpTo, timing, turnEnds } = input;
  let going: ErrorProcessResult = { v: 1, pass: input.pass, failing: input.failing ?? {}, stopped: {}, done: false };
  for (;;) {
    const { pass, failing, stopped } = going;
    const { retryErrored } = writingActivities(timing);
    const summary = marked`Errored records due by ${pass.began}${pass.place ? marked`, from ${pass.place.entityType}` : marked``}`.text;
    const told = { ...(openUpTo !== undefined ? { openUpTo } : {}), ...(changedAt !== undefined ? { changedAt } : {}) };
    const time = Math.max(0, turnEnds - Date.now());
    const result = await write(
      () => retryErrored.executeWithOptions({ summary }, [{ v: 1, process, digest, pass, failing, stopped, time, ...told }]),
      'Trying errored records again',
      'the next pass',
    );
    if ('wordless' in result) {
      const { stopped: stop, ...wordless } = result.wordless;
      return { ...going, ...wordless, ...(stop ? { stopped: { ...stopped, [pass.place?.entityType ?? WHOLE]: stop } } : {}) };
    }
    going = { ...result, v: 1, stopped: { ...stopped, ...result.stopped } };
    upsertMemo({ pass: going.pass });
    if (going.done || going.cancelled || Date.now() >= turnEnds || isWhole(result.stopped)) return going;
  }
}

/** What stopped every type at once. */
function isWhole(stopped: ErrorProcessResult['stopped']): boolean {
  return Object.values(stopped).some(({ code }) => code === 'DefinitionChanged');
}
