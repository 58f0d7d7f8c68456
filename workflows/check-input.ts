import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { EntitySyncInput, ErrorProcessInput, PreviewInput, RecordSyncInput } from './contracts.js';
import { isObject } from '../src/model/is-object.js';
import { clean } from '../src/model/clean.js';
import type { ProcessInput } from './state.js';
import { whyUndecodable } from './undecodable.js';

/** Characters of a name, digest or instant. */
const MAX_NAME = 300;

const KEYS = ['process', 'bookmarks', 'acceptSystems', 'state'];

/**
 * @throws ApplicationFailure `InvalidInput` or `WrongWorkflowId`, which end the workflow at once,
 * where a regular process was started wrongly.
 */
export function checkInput(input: ProcessInput): void {
  checkDecoded(input);
  if (!isObject(input) || typeof input.process !== 'string') throw invalid('Start input must be {"process": "<integration>/<process>"}');
  const unknown = Object.keys(input).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw invalid(`Start input knows no "${clean(unknown, 40)}": it takes process, bookmarks and acceptSystems`);
  if (input.acceptSystems !== undefined && typeof input.acceptSystems !== 'boolean') throw invalid('acceptSystems must be true or false');
  if (input.process !== workflowInfo().workflowId)
    throw wrongId(
      `The workflow id must be the process, so that no process runs twice: start it with --workflow-id ${named(input.process)}`,
    );
  const { state } = input;
  if (state === undefined) return;
  if (!isObject(state) || typeof state['v'] !== 'number' || (state['v'] === 1 && !(isCarried() && isObject(state['types']))))
    throw invalid('"state" is what a process hands on to itself: start it with process, bookmarks and acceptSystems alone');
}

/**
 * @throws ApplicationFailure `InvalidInput`, which ends the workflow at once, where what a process
 * alone starts was started by hand with nonsense.
 */
export function checkChildInput(input: EntitySyncInput): void {
  const texts = ['process', 'entityType', 'digest', 'until'] as const;
  const isWell = isChildInput(input) && texts.every((name) => isName(input[name])) && isOptional(input.failing);
  if (!isWell) throw byItsProcess();
}

/** @throws ApplicationFailure `InvalidInput`, likewise. */
export function checkErrorsInput(input: ErrorProcessInput): void {
  const isWell =
    isChildInput(input) &&
    [input.process, input.digest].every(isName) &&
    isObject(input.pass) &&
    isName(input.pass.began) &&
    isObject(input.pass.sheets) &&
    isOptional(input.failing);
  if (!isWell) throw byItsProcess();
}

/** @throws ApplicationFailure `InvalidInput`, likewise. */
export function checkRecordInput(input: RecordSyncInput): void {
  if (!isChildInput(input) || ![input.process, input.entityType].every(isName) || typeof input.id !== 'string') throw byItsProcess();
}

/** @throws ApplicationFailure `InvalidInput` where a look was started by hand with nonsense. */
export function checkLookInput(input: Pick<PreviewInput, 'v' | 'process'>): void {
  checkDecoded(input);
  if (!isObject(input) || input['v'] !== 1 || !isName(input['process']))
    throw invalid('It is started by a command alone: see npx sangam --help');
}

function isChildInput(input: EntitySyncInput | ErrorProcessInput | RecordSyncInput): boolean {
  checkDecoded(input);
  return isObject(input) && input['v'] === 1 && isObject(input['timing']) && Object.values(input['timing']).every(isDuration);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_NAME;
}

function isOptional(value: unknown): boolean {
  return value === undefined || isObject(value);
}

function byItsProcess(): ApplicationFailure {
  return invalid('It is started by its process alone: start that, or signal runNow to it');
}

/**
 * @throws ApplicationFailure `InvalidInput` where a start input cannot be decoded; Error, by which
 * the workflow waits for a worker that can, where the run before handed it on: an end would lose
 * what it carries.
 */
export function checkDecoded(input: unknown): void {
  const why = whyUndecodable('start', input);
  if (why === undefined) return;
  if (workflowInfo().continuedFromExecutionRunId !== undefined) throw new Error(why);
  throw invalid(why);
}

/**
 * A state is what a process hands on to itself: whoever starts one by hand could put anything into
 * it.
 */
function isCarried(): boolean {
  return workflowInfo().continuedFromExecutionRunId !== undefined;
}

function named(process: string): string {
  return clean(process, 200);
}

/** Milliseconds: a positive number, a month at most. */
function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 31 * 86_400_000;
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'InvalidInput');
}

function wrongId(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'WrongWorkflowId');
}
