import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { clean } from '../src/model/clean.js';
import { isObject } from '../src/model/is-object.js';
import { isRowInput, parseStart } from '../src/model/starts.js';
import { childInputs, lookInput } from '../src/model/turns.js';
import { whyUndecodable } from '../src/model/undecodable.js';
import type { ProcessInput } from './state.js';

/**
 * @throws ApplicationFailure `InvalidInput` or `WrongWorkflowId`, which end the workflow at once,
 * where a process was started wrongly.
 */
export function checkInput(input: ProcessInput): void {
  checkDecoded(input);
  const { state, ...given } = isObject(input) ? input : {};
  const start = parseStart(isObject(input) ? given : input);
  if ('refused' in start) throw invalid(start.refused);
  const { workflowId } = workflowInfo();
  if (start.process !== workflowId)
    throw ApplicationFailure.nonRetryable(
      `The workflow id must be the process, so that no process runs twice: start it with --workflow-id ${clean(start.process, 200)}`,
      'WrongWorkflowId',
    );
  // A newer release's state waits for a worker that knows it.
  const isSound = isObject(state) && typeof state['v'] === 'number' && (state['v'] !== 1 || (isCarried() && isObject(state['types'])));
  if (state !== undefined && !isSound)
    throw invalid('"state" is what a process hands on to itself: start it with process, bookmarks and acceptSystems alone');
}

/**
 * @throws ApplicationFailure `InvalidInput`, which ends the workflow at once, where what a process
 * alone starts was started by hand with nonsense.
 */
export function checkChildInput(type: keyof ReturnType<typeof childInputs>, input: unknown): void {
  checkDecoded(input);
  if (!childInputs()[type].safeParse(input).success)
    throw invalid('It is started by its process alone: start that, or signal runNow to it');
}

/** @throws ApplicationFailure `InvalidInput`, likewise, where a look was started by hand. */
export function checkLookInput(input: unknown): void {
  checkDecoded(input);
  if (!lookInput().safeParse(input).success) throw invalid('It is started by a command alone: see npx sangam --help');
}

/** @throws ApplicationFailure `InvalidInput`, likewise, where the engine did not open the row. */
export function checkRowInput(input: { process: string; entityType: string; state?: unknown }): void {
  checkDecoded(input);
  const isOwn = isRowInput(input) && workflowInfo().workflowId.startsWith(`${input.process}/errored/${input.entityType}/`);
  if (!isOwn || (input.state !== undefined && !isCarried()))
    throw invalid('An errored record is opened by the engine, when a record fails');
}

/**
 * @throws ApplicationFailure `InvalidInput` where a start input cannot be decoded; Error, by which
 * the workflow waits for a worker that can, where the run before handed it on: an end would lose
 * what it carries.
 */
function checkDecoded(input: unknown): void {
  const why = whyUndecodable('start', input);
  if (why === undefined) return;
  if (isCarried()) throw new Error(why);
  throw invalid(why);
}

/**
 * Whether the run before handed on what this one begins with: whoever starts one by hand could put
 * anything into a state.
 */
function isCarried(): boolean {
  return workflowInfo().continuedFromExecutionRunId !== undefined;
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'InvalidInput');
}
