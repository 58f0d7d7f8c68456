import type { Instant } from '../../src/connectors/connector.js';
import type { OpenCounts, Pause, SyncState } from '../state.js';
import { openNotes } from '../status.js';
import { mostTelling, needsPerson, nextWords, pausedWords, pauseParts, type Failure } from '../status-parts.js';
import { joined, marked, type Markdown } from '../../src/model/markdown.js';
import { leftOverText, type LeftOver } from './left-over.js';
import type { ErrorsState } from './state.js';

/** What the query `status` of an error process answers. */
export interface ErrorsStatus {
  process: string;
  state: SyncState;
  /** The state in words. */
  words: string;
  since: Instant;
  reason?: string;
  by?: string;
  until?: Instant;
  cycle: number;
  nextRun?: Instant;
  digest?: string;
  notes: string[];
  /** Workflow id of the child that runs now. */
  child?: string;
  /** Open errored records when the last pass was planned, and after it. */
  open: OpenCounts;
  /** Open rows that nothing tries, since the definition does not have their entity type. */
  leftOver?: LeftOver[];
  lastPass?: NonNullable<ErrorsState['lastPass']>;
  failure?: Failure;
}

export function errorsStatus(process: string, state: ErrorsState, child: string | undefined): ErrorsStatus {
  const pause = state.pause ?? state.followed;
  const failure = mostTelling(state.refused, Object.entries(state.stopped));
  return {
    process,
    state: state.state,
    words: wordsOf(state, child, pause, failure),
    since: state.since,
    ...pauseParts(pause),
    cycle: state.cycle,
    ...(state.nextRun !== undefined ? { nextRun: state.nextRun } : {}),
    ...(state.digest !== undefined ? { digest: state.digest } : {}),
    notes: notesOf(state),
    ...(child !== undefined ? { child } : {}),
    open: state.open ?? {},
    ...(state.leftOver ? { leftOver: state.leftOver } : {}),
    ...(state.lastPass ? { lastPass: state.lastPass } : {}),
    ...(failure ? { failure } : {}),
  };
}

function wordsOf(state: ErrorsState, child: string | undefined, pause: Pause | undefined, failure: Failure | undefined): string {
  const next = nextWords('Next pass', state.nextRun);
  const told = failure ? ` ${failure.message} ${failure.remedy}` : '';
  switch (state.state) {
    case 'paused':
      return pausedWords(pause ?? { since: state.since }, state.pause ? '' : ' with its regular process');
    case 'running':
      if (pause) return 'Pausing: waiting for what is in flight.';
      return child !== undefined ? `Retrying (${child}).` : 'Looking for what is due.';
    case 'idle':
      // No next pass is known until this look is over.
      return state.nextRun === undefined ? 'Looking for what is due.' : `Nothing is due.${next}`;
    case 'waiting':
      return `A system does not answer as it should; trying again by itself.${told}${next}`;
    case 'stopped':
      return `${needsPerson(failure)}${told}${next}`;
    case 'cancelled':
      return 'Cancelled; everything in flight was finished. Errored records stay open.';
  }
}

function notesOf(state: ErrorsState): string[] {
  return [
    ...openNotes(state.open),
    ...(state.leftOver ?? []).map(leftOverText),
    ...(state.definitionProblem !== undefined ? [`The definition in the folder is not in force. ${state.definitionProblem}`] : []),
    ...(state.ignored !== undefined ? [`Ignored: ${state.ignored}`] : []),
  ];
}

/** The status as markdown, for the Web UI's current details. */
export function errorsDetails(status: ErrorsStatus): Markdown {
  const last = Object.entries(status.lastPass?.sheets ?? {});
  return joined([
    marked`**${status.state}** since ${status.since}. ${status.words}`,
    marked``,
    ...status.notes.map((note) => marked`- ${note}`),
    ...(last.length > 0
      ? [
          marked``,
          marked`Last pass, from ${status.lastPass?.began ?? ''} to ${status.lastPass?.ended ?? ''}:`,
          marked``,
          marked`| entity type | tried | healed | failing | gone | children released |`,
          marked`|---|--:|--:|--:|--:|--:|`,
          ...last.map(([name, s]) => marked`| ${name} | ${s.tried} | ${s.healed} | ${s.failing} | ${s.gone} | ${s.released} |`),
        ]
      : []),
    marked``,
    marked`Cycle ${status.cycle}${status.nextRun !== undefined ? `, next pass at ${status.nextRun}` : ''}`,
  ]);
}
