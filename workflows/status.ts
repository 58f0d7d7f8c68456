import type { Instant } from '../src/connectors/connector.js';
import { doubtsOf, type ToldDoubt } from '../src/model/clock-doubts.js';
import type { ProcessState, SyncState, TypeState } from './state.js';
import { errorsNotes, errorsStatus, type ErrorsStatus } from './errors/status.js';
import { mostTelling, needsPerson, nextWords, pausedWords, pauseParts, type Failure } from './status-parts.js';
import type { OpenCounts } from '../src/model/known-rows.js';

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
  /** A pause was asked for: what is in flight is finished, and nothing begins. */
  pausing?: true;
  cycle: number;
  nextRun?: Instant;
  digest?: string;
  /**
   * What a person should know: a definition not in force, a changed mapping, an ignored message.
   */
  notes: string[];
  /** Workflow id of the child that runs now. */
  child?: string;
  types: Record<string, TypeState>;
  /** Open errored records when the last cycle was planned. */
  open?: OpenCounts;
  /** So many of them an operator accepted, by `resume`. */
  openUpTo?: number;
  /** Systems whose clock is not believed: it is not known to be in step with them. */
  unsure?: ToldDoubt[];
  /** The last failure that still holds. */
  failure?: Failure;
  /** Of the side that tries errored records again. */
  errors: ErrorsStatus;
}

const LOOKING = 'Looking for changes.';

/** `quiet`: it waits until what a lost worker sent last must be over. */
export function statusOf(process: string, state: ProcessState, child: string | undefined, quiet = false): ProcessStatus {
  const unsure = doubtsOf(state);
  const stop = mostTelling(
    state.stopped,
    Object.entries(state.types).map(([entityType, { stopped }]) => [entityType, stopped]),
  );
  const errors = errorsStatus(process, state, child);
  const failure = stop ?? errors.failure ?? unsure.map((doubt): Failure => ({ ...plain(doubt), needs: 'person', byItself: true }))[0];
  return {
    process,
    state: state.state,
    words: quiet ? quietWords(state) : wordsOf(state, child, stop ?? errors.failure, unsure),
    since: state.since,
    ...pauseParts(state.pause),
    ...(state.pause && state.state !== 'paused' ? { pausing: true as const } : {}),
    cycle: state.cycle,
    ...(state.nextRun !== undefined ? { nextRun: state.nextRun } : {}),
    ...(state.digest !== undefined ? { digest: state.digest } : {}),
    notes: notesOf(state),
    ...(child !== undefined ? { child } : {}),
    types: state.types,
    ...(state.rows ? { open: state.rows.open } : {}),
    ...(state.openUpTo !== undefined ? { openUpTo: state.openUpTo } : {}),
    ...(unsure.length > 0 ? { unsure } : {}),
    ...(failure ? { failure } : {}),
    errors,
  };
}

/** A doubt without its times, which its message has. */
function plain({ ours: _ours, theirs: _theirs, ...doubt }: ToldDoubt): Omit<ToldDoubt, 'ours' | 'theirs'> {
  return doubt;
}

function wordsOf(state: ProcessState, child: string | undefined, failure: ProcessStatus['failure'], unsure: ToldDoubt[]): string {
  const next = nextWords('Next look', state.nextRun);
  // No next look is known until this one is over.
  const looks = state.nextRun === undefined;
  const told = failure ? ` ${failure.message} ${failure.remedy}` : '';
  switch (state.state) {
    case 'paused':
      return pausedWords(state.pause ?? { since: state.since });
    case 'running':
      return state.pause ? 'Pausing: waiting for what is in flight.' : child ? `Syncing (${child}).` : LOOKING;
    case 'idle':
      if (looks) return LOOKING;
      if (unsure.length > 0)
        return `Not known to be in step, since a clock is not to be believed: ${unsure.map(doubtText).join(' ')}${next}`;
      return `${inStepWords(state.rows?.open)}${next}`;
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

function quietWords({ quietUntil }: ProcessState): string {
  return `A worker was lost: nothing is written until ${quietUntil}, when what it sent last must be over.`;
}

/** Everything that was read is in the destination, but for what failed and what waits on it. */
function inStepWords(open: OpenCounts = {}): string {
  const all = Object.values(open);
  const types = new Map<string, number>();
  for (const { errored } of all) for (const [type, count] of Object.entries(errored)) types.set(type, (types.get(type) ?? 0) + count);
  const failed = [...types.values()].reduce((sum, count) => sum + count, 0);
  const sum = (of: 'ignored' | 'waiting'): number => all.reduce((total, each) => total + each[of], 0);
  const named = [...types].map(([type, count]) => `${count} ${type}`).join(', ');
  const but = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'record' : 'records'} that failed (${named})`] : []),
    ...(sum('waiting') > 0 ? [`${sum('waiting')} held`] : []),
    ...(sum('ignored') > 0 ? [`${sum('ignored')} ignored`] : []),
  ];
  return `Everything up to the last horizon is in step${but.length > 0 ? ` but for ${but.join(' and ')}` : ''}.`;
}

function notesOf(state: ProcessState): string[] {
  const notes: string[] = doubtsOf(state).map(doubtText);
  if (state.definitionProblem !== undefined)
    notes.push(`The definition in the folder is not in force; the last good one is. ${state.definitionProblem}`);
  if (state.digestSince !== undefined)
    notes.push(
      `The definition changed at ${state.digestSince}: it applies to later changes only. Update rewind re-sends what came before.`,
    );
  if (state.atOdds)
    notes.push(
      `A worker is at odds with this process, and what it takes is handed back: ${state.atOdds.worker}: ${state.atOdds.message} (${state.atOdds.when})`,
    );
  if (state.shortened) notes.push('What was known of concepts that nobody reads was more than is kept, and was left out once.');
  if (state.ignored !== undefined) notes.push(`Ignored: ${state.ignored}`);
  if (state.errors.pause) notes.push(`Errored records: ${pausedWords(state.errors.pause)}`);
  notes.push(...errorsNotes(state.errors), ...openNotes(state.rows?.open));
  for (const [name, type] of Object.entries(state.types)) {
    if (type.takenBack)
      notes.push(
        `${name}: its bookmark (${type.takenBack.from}) lay ahead of its source’s clock. At ${type.takenBack.when} it was taken back to ${type.takenBack.to}; what changed since is read again.`,
      );
    if (type.lastSheet?.edited)
      notes.push(
        `${name}: ${type.lastSheet.edited} of the last records had been changed in the destination by others, and were written over.`,
      );
    const concepts = Object.keys(type.findings ?? {});
    if (concepts.length > 0)
      notes.push(`${name}: no expression reads ${concepts.slice(0, 10).join(', ')}${concepts.length > 10 ? ', …' : ''}.`);
  }
  return notes;
}

function doubtText({ system, code, message, remedy }: ToldDoubt): string {
  return `${code}: ${system}: ${message} ${remedy}`;
}

/** Open errored records in words, one line for each entity type. */
function openNotes(open: OpenCounts | undefined): string[] {
  return Object.entries(open ?? {}).map(([name, { errored, ignored, waiting }]) => {
    const types = Object.entries(errored).map(([type, count]) => `${count} ${type}`);
    const more = [ignored > 0 ? `${ignored} ignored` : '', waiting > 0 ? `${waiting} children waiting` : ''].filter(Boolean);
    return `${name}: errored records open: ${[...types, ...more].join(', ')}. npx sangam errors shows what to do.`;
  });
}
