import type { Instant } from '../src/connectors/connector.js';
import type { OpenCounts, ProcessState, SyncState, TypeState } from './state.js';
import { mostTelling, needsPerson, nextWords, pausedWords, pauseParts, type Failure } from './status-parts.js';

/** What the query `status` answers. */
export interface ProcessStatus {
  process: string;
  state: SyncState;
  /** The state in words. */
  words: string;
  since: Instant;
  reason?: string;
  by?: string;
  until?: Instant;
  /** The pause is for this process alone: its error process goes on. */
  only?: true;
  /** A pause was asked for: what is in flight is finished, and nothing begins. */
  pausing?: true;
  cycle: number;
  nextRun?: Instant;
  digest?: string;
  /** What a person should know: a definition not in force, a changed mapping, an ignored message. */
  notes: string[];
  /** Workflow id of the child that runs now. */
  child?: string;
  types: Record<string, TypeState>;
  /** Open errored records when the last cycle was planned. */
  open?: OpenCounts;
  /** So many of them an operator accepted, by `resume`. */
  openUpTo?: number;
  /** The last failure that still holds. */
  failure?: Failure;
}

const LOOKING = 'Looking for changes.';

export function statusOf(process: string, state: ProcessState, child: string | undefined): ProcessStatus {
  const failure = mostTelling(
    state.stopped,
    Object.entries(state.types).map(([entityType, { stopped }]) => [entityType, stopped]),
  );
  return {
    process,
    state: state.state,
    words: wordsOf(state, child, failure),
    since: state.since,
    ...pauseParts(state.pause),
    ...(state.pause && state.state !== 'paused' ? { pausing: true as const } : {}),
    cycle: state.cycle,
    ...(state.nextRun !== undefined ? { nextRun: state.nextRun } : {}),
    ...(state.digest !== undefined ? { digest: state.digest } : {}),
    notes: notesOf(state),
    ...(child !== undefined ? { child } : {}),
    types: state.types,
    ...(state.open ? { open: state.open } : {}),
    ...(state.openUpTo !== undefined ? { openUpTo: state.openUpTo } : {}),
    ...(failure ? { failure } : {}),
  };
}

function wordsOf(state: ProcessState, child: string | undefined, failure: ProcessStatus['failure']): string {
  const next = nextWords('Next look', state.nextRun);
  // No next look is known until this one is over.
  const looks = state.nextRun === undefined;
  const told = failure ? ` ${failure.message} ${failure.remedy}` : '';
  switch (state.state) {
    case 'paused':
      return pausedWords(state.pause ?? { since: state.since }, state.pause?.only ? ', its error process goes on' : '');
    case 'running':
      return state.pause ? 'Pausing: waiting for what is in flight.' : child ? `Syncing (${child}).` : LOOKING;
    case 'idle':
      return looks ? LOOKING : `Everything up to the last horizon is in step.${next}`;
    case 'waiting':
      if (looks) return `${LOOKING} When it last did, a system did not answer as it should.${told}`;
      return `A system does not answer as it should; trying again by itself.${told}${next}`;
    case 'stopped': {
      const where = failure?.entityType !== undefined ? ` ${failure.entityType}:` : '';
      return `${looks ? `${LOOKING} When it last did, it needed a person.` : needsPerson(failure)}${where}${told}${next}`;
    }
    case 'cancelled':
      return 'Cancelled; everything in flight was finished. Its memo has the bookmarks.';
  }
}

function notesOf(state: ProcessState): string[] {
  const notes: string[] = [];
  if (state.definitionProblem !== undefined)
    notes.push(`The definition in the folder is not in force; the last good one is. ${state.definitionProblem}`);
  if (state.digestSince !== undefined)
    notes.push(
      `The definition changed at ${state.digestSince}: it applies to later changes only. Update rewind re-sends what came before.`,
    );
  if (state.ignored !== undefined) notes.push(`Ignored: ${state.ignored}`);
  notes.push(...openNotes(state.open));
  for (const [name, type] of Object.entries(state.types)) {
    const concepts = Object.keys(type.findings ?? {});
    if (concepts.length > 0)
      notes.push(`${name}: no expression reads ${concepts.slice(0, 10).join(', ')}${concepts.length > 10 ? ', …' : ''}.`);
  }
  return notes;
}

/** Open errored records in words, one line for each entity type. */
export function openNotes(open: OpenCounts | undefined): string[] {
  return Object.entries(open ?? {}).map(([name, { errored, ignored, waiting }]) => {
    const types = Object.entries(errored).map(([type, count]) => `${count} ${type}`);
    const more = [ignored > 0 ? `${ignored} ignored` : '', waiting > 0 ? `${waiting} children waiting` : ''].filter(Boolean);
    return `${name}: errored records open: ${[...types, ...more].join(', ')}. npx sangam errors shows what to do.`;
  });
}
