import type { Instant } from '../../src/connectors/connector.js';
import { joined, marked, type Markdown } from '../../src/model/markdown.js';
import { errorsId } from '../ids.js';
import type { ProcessState, SyncState } from '../state.js';
import { mostTelling, needsPerson, nextWords, pausedWords, pauseParts, type Failure } from '../status-parts.js';
import { leftOverText, type LeftOver } from './left-over.js';
import type { ErrorsState } from './state.js';
import type { Pause } from '../../src/model/process-messages.js';

/** What `status` of a process says of its side that tries errored records again. */
export interface ErrorsStatus {
  state: SyncState;
  /** The state in words. */
  words: string;
  reason?: string;
  by?: string;
  until?: Instant;
  nextRun?: Instant;
  /** Open rows that nothing tries, since the definition does not have their entity type. */
  leftOver?: LeftOver[];
  lastPass?: NonNullable<ErrorsState['lastPass']>;
  failure?: Failure;
}

/** `child`: workflow id of the child that runs now. */
export function errorsStatus(process: string, state: ProcessState, child: string | undefined): ErrorsStatus {
  const { errors } = state;
  const { pause = state.state === 'paused' ? state.pause : undefined, nextRun, leftOver, lastPass } = errors;
  const failure = mostTelling(undefined, Object.entries(errors.stopped));
  const running = child === errorsId(process);
  const side = running ? 'running' : pause ? 'paused' : sideOf(state.state, failure);
  return {
    state: side,
    words: wordsOf(side, errors, running, pause, failure),
    ...pauseParts(pause),
    ...(nextRun !== undefined ? { nextRun } : {}),
    ...(leftOver ? { leftOver } : {}),
    ...(lastPass ? { lastPass } : {}),
    ...(failure ? { failure } : {}),
  };
}

function sideOf(state: SyncState, failure: Failure | undefined): SyncState {
  if (state === 'cancelled') return state;
  if (!failure) return 'idle';
  return failure.needs === 'person' ? 'stopped' : 'waiting';
}

function wordsOf(
  side: SyncState,
  { pause: own, nextRun }: ErrorsState,
  running: boolean,
  pause: Pause | undefined,
  failure: Failure | undefined,
): string {
  const next = nextWords('Next pass', nextRun);
  const told = failure ? ` ${failure.message} ${failure.remedy}` : '';
  switch (side) {
    case 'paused':
      return pausedWords(pause ?? { since: '' }, own ? '' : ' with its process');
    case 'running':
      return running && pause ? 'Pausing: waiting for what is in flight.' : 'Trying errored records again.';
    case 'idle':
      return next === '' ? 'No errored record is due.' : `Nothing is due.${next}`;
    case 'waiting':
      return `A system does not answer as it should; trying again by itself.${told}${next}`;
    case 'stopped':
      return `${needsPerson(failure)}${told}${next}`;
    case 'cancelled':
      return 'Cancelled; errored records stay open.';
  }
}

/** What a person should know of it. */
export function errorsNotes({ leftOver = [] }: ErrorsState): string[] {
  return leftOver.map(leftOverText);
}

/** The last pass as markdown, for the Web UI's current details. */
export function lastPassDetails({ lastPass }: ErrorsStatus): Markdown[] {
  const last = Object.entries(lastPass?.sheets ?? {});
  if (last.length === 0) return [];
  return [
    marked`Errored records, last tried from ${lastPass?.began ?? ''} to ${lastPass?.ended ?? ''}:`,
    marked``,
    marked`| entity type | tried | healed | failing | gone | children released |`,
    joined([marked`|---|--:|--:|--:|--:|--:|`]),
    ...last.map(([name, s]) => marked`| ${name} | ${s.tried} | ${s.healed} | ${s.failing} | ${s.gone} | ${s.released} |`),
    marked``,
  ];
}
