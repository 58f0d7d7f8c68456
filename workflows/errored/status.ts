import { joined, link, marked, type Markdown } from '../../src/model/markdown.js';
import { BY_HAND, type RowState } from './row.js';

/** What the query `status` of an errored record answers. */
export interface RowStatus extends RowState {
  /** The state in words. */
  words: string;
}

/**
 * What a list of rows shows of each, and what the engine looks ahead by: kept in the row's memo.
 */
export interface RowMemo {
  id: string;
  state: RowState['state'];
  version: string;
  stamp: string;
  attempts: number;
  errorType: string;
  /**
   * The record's error is decided by the definition, not by a system: a changed definition may mend
   * it.
   */
  mapping: boolean;
  digest: string;
  waiting: number;
  firstFailedAt: string;
  retryAt?: string;
  /** Only of one that was closed by hand, so that it can be found. */
  closed?: { how: 'synced' | 'gone'; by: string; at: string };
}

/** Error type of a row whose record is in step, and on which children still wait. */
export const CHILDREN_WAITING = 'ChildrenWaiting';

export function rowMemo(row: RowState): RowMemo {
  const { failure } = row;
  return {
    id: row.id,
    state: row.state,
    version: failure?.version ?? row.inStep?.version ?? '',
    stamp: failure?.stamp ?? row.inStep?.stamp ?? '1970-01-01T00:00:00.000Z',
    attempts: row.attempts,
    errorType: errorTypeOf(row),
    mapping: failure !== undefined && failure.error.status === undefined,
    digest: failure?.digest ?? '',
    // One more than can be listed stands for all.
    waiting: row.waiting === 'all' ? 2_001 : row.waiting.length,
    firstFailedAt: row.firstFailedAt,
    ...(row.retryAt !== undefined ? { retryAt: row.retryAt } : {}),
    ...(row.ended !== undefined && row.resolvedBy === BY_HAND ? { closed: { how: row.ended, by: BY_HAND, at: row.retryAt ?? '' } } : {}),
  };
}

export function errorTypeOf(row: RowState): string {
  return row.failure?.error.errorType ?? CHILDREN_WAITING;
}

export function rowStatus(row: RowState): RowStatus {
  return { ...row, words: wordsOf(row) };
}

function wordsOf(row: RowState): string {
  const { failure } = row;
  const children =
    row.waiting === 'all'
      ? ' More children wait on it than are listed.'
      : row.waiting.length > 0
        ? ` ${row.waiting.length} children wait on it.`
        : '';
  const word =
    row.resolvedBy !== undefined ? `, on the word of ${row.resolvedBy === BY_HAND ? 'whoever signalled it' : row.resolvedBy}` : '';
  if (row.ended === 'gone') return `It no longer exists in its source${word}.`;
  if (row.ended === 'synced') return `It is in step${word}.`;
  if (row.state === 'ignored') {
    const last = row.decisions.filter(({ what }) => what === 'ignore').at(-1);
    return `Ignored${last?.by !== undefined ? ` by ${last.by}` : ''}${last?.reason !== undefined ? `, because: ${last.reason}` : ''}. It is looked at again when a newer version arrives.${children}`;
  }
  const next =
    row.retryAt !== undefined ? ` It is tried again after ${row.retryAt}.` : ' It waits for a person: signal retry once the cause is gone.';
  const itself = row.inStep ? 'It is in step itself.' : 'Nothing of it failed: it was not there yet.';
  if (!failure) return `${itself}${children}${next}`;
  return `${failure.error.message} Tried ${row.attempts} ${row.attempts === 1 ? 'time' : 'times'}.${next}${children}`;
}

/** The row as markdown, for the Web UI's current details. */
export function rowDetails(row: RowState): Markdown {
  const { failure, decisions } = row;
  const kept = Object.entries(failure?.error.kept ?? {}).map(([name, value]) => `${name} = ${value}`);
  return joined([
    marked`**${errorTypeOf(row)}**: ${row.entityType} ${row.id}. ${wordsOf(row)}`,
    ...(failure ? [marked``, marked`What to do: ${failure.error.remedy}`] : []),
    ...(kept.length > 0 ? [marked``, marked`${kept.join(', ')}`] : []),
    ...(failure?.error.path !== undefined ? [marked``, marked`At ${failure.error.path}`] : []),
    ...(row.link !== undefined ? [marked``, link('Open the record', row.link)] : []),
    marked``,
    ...decisions.map(
      ({ what, at, by, reason }) =>
        marked`- ${at}: ${what}${by !== undefined ? ` by ${by}` : ''}${reason !== undefined ? `: ${reason}` : ''}`,
    ),
    ...(row.ignoredMessage !== undefined ? [marked`- Not followed: ${row.ignoredMessage}`] : []),
  ]);
}
