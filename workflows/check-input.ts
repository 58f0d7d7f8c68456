import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { ProcessInput } from './state.js';

const KEYS = ['process', 'bookmarks', 'acceptSystems', 'state'];

/** @throws ApplicationFailure `InvalidInput` or `WrongWorkflowId`, which end the workflow at once, where a regular process was started wrongly. */
export function checkInput(input: ProcessInput): void {
  const { workflowId } = workflowInfo();
  if (!isObject(input) || typeof input.process !== 'string') throw invalid('Start input must be {"process": "<integration>/<process>"}');
  const unknown = Object.keys(input).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw invalid(`Start input knows no "${unknown.slice(0, 40)}": it takes process, bookmarks and acceptSystems`);
  if (input.acceptSystems !== undefined && typeof input.acceptSystems !== 'boolean') throw invalid('acceptSystems must be true or false');
  if (input.process !== workflowId)
    throw ApplicationFailure.nonRetryable(
      `The workflow id must be the process, so that no process runs twice: start it with --workflow-id ${input.process.slice(0, 200)}`,
      'WrongWorkflowId',
    );
  const { state } = input;
  if (state === undefined) return;
  if (!isObject(state) || typeof state['v'] !== 'number' || (state['v'] === 1 && !isObject(state['types'])))
    throw invalid('"state" is what a process hands on to itself: start it with process, bookmarks and acceptSystems alone');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'InvalidInput');
}
