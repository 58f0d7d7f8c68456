import type { Instant } from '../src/connectors/connector.js';
import type { Stop } from '../src/sync/results.js';
import type { OpenCounts, Pause, ProcessState, SyncState, TypeState } from './state.js';

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
  /** The last failure that still holds. */
  failure?: Stop & { entityType?: string };
}

export function statusOf(process: string, state: ProcessState, child: string | undefined): ProcessStatus {
  const failure = failureOf(state);
  return {
    process,
    state: state.state,
    words: wordsOf(state, child, failure),
    since: state.since,
    ...pauseParts(state.state === 'paused' || state.pause ? state.pause : undefined),
    cycle: state.cycle,
    ...(state.nextRun !== undefined ? { nextRun: state.nextRun } : {}),
    ...(state.digest !== undefined ? { digest: state.digest } : {}),
    notes: notesOf(state),
    ...(child !== undefined ? { child } : {}),
    types: state.types,
    ...(state.open ? { open: state.open } : {}),
    ...(failure ? { failure } : {}),
  };
}

function pauseParts(pause: Pause | undefined): Pick<ProcessStatus, 'reason' | 'by' | 'until'> {
  if (!pause) return {};
  const { since: _since, ...parts } = pause;
  return parts;
}

/** The most telling stop: a person's first, then a system's. */
function failureOf(state: ProcessState): ProcessStatus['failure'] {
  const stops = Object.entries(state.types).flatMap(([entityType, type]) => (type.stopped ? [{ entityType, ...type.stopped }] : []));
  if (state.stopped) return state.stopped;
  return (
    stops.find((stop) => stop.needs === 'person' && stop.code !== 'ParentStopped') ??
    stops.find((stop) => stop.needs === 'system') ??
    stops[0]
  );
}

function wordsOf(state: ProcessState, child: string | undefined, failure: ProcessStatus['failure']): string {
  const next = state.nextRun !== undefined ? ` Next look: ${state.nextRun}.` : '';
  switch (state.state) {
    case 'paused': {
      const { by, reason, until, since } = state.pause ?? { since: state.since };
      const parts = [`Paused since ${since}`, by && `by ${by}`, reason && `because: ${reason}`, until && `until ${until}`];
      return `${parts.filter(Boolean).join(', ')}. Signal resume to go on.`;
    }
    case 'running':
      return state.pause ? 'Pausing: waiting for what is in flight.' : child ? `Syncing (${child}).` : 'Looking for changes.';
    case 'idle':
      return `Everything up to the last horizon is in step.${next}`;
    case 'waiting':
      return `A system does not answer as it should; trying again by itself.${failure ? ` ${failure.message} ${failure.remedy}` : ''}${next}`;
    case 'stopped':
      return `Needs a person.${failure ? ` ${failure.entityType !== undefined ? `${failure.entityType}: ` : ''}${failure.message} ${failure.remedy}` : ''}${next}`;
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
