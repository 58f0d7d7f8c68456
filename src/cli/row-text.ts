import type { RowMemo, RowStatus } from '../../workflows/errored/status.js';

/** Children that are named one by one. */
const SHOWN = 20;

/** An errored record's row for a person at a terminal. */
export function rowText(row: RowStatus): string {
  const { failure, attempts, firstFailedAt, lastFailedAt, decisions, waiting, link, ignoredMessage } = row;
  const kept = Object.entries(failure?.error.kept ?? {}).map(([name, value]) => `${name} = ${value}`);
  return [
    `${row.entityType} ${row.id} of ${row.process}: ${row.ended ?? row.state}`,
    `  ${row.words}`,
    ...(failure
      ? [
          `  ${failure.error.errorType}: version ${failure.version}, tried ${attempts} times under definition ${failure.digest.slice(0, 12)}`,
        ]
      : []),
    `  First failed ${firstFailedAt}${lastFailedAt !== undefined ? `, last ${lastFailedAt}` : ''}.`,
    ...(failure ? [`  What to do: ${failure.error.remedy}`] : []),
    ...(kept.length > 0 ? [`  ${kept.join(', ')}`] : []),
    ...(link !== undefined ? [`  Open it: ${link}`] : []),
    ...decisions.map(
      ({ what, at, by, reason }) => `  ${at}: ${what}${by !== undefined ? ` by ${by}` : ''}${reason !== undefined ? `: ${reason}` : ''}`,
    ),
    ...(ignoredMessage !== undefined ? [`  Not followed: ${ignoredMessage}`] : []),
    ...waitingText(waiting),
  ].join('\n');
}

/** What the list shows of a row for which no worker answers. */
export function listedText({ state, version, attempts, errorType, waiting, firstFailedAt, retryAt }: RowMemo): string {
  return [
    `${state}; no worker answers for its row, so this is only what its list shows`,
    `  ${errorType}: version ${version}, tried ${attempts} times`,
    `  First failed ${firstFailedAt}.${retryAt !== undefined ? ` It is tried again after ${retryAt}.` : ''}`,
    ...(waiting > 0 ? [`  Waiting on it: ${waiting > 2_000 ? 'more than 2,000' : waiting}`] : []),
  ].join('\n');
}

function waitingText(waiting: RowStatus['waiting']): string[] {
  if (waiting === 'all') return ['  More than 2,000 children wait on it; its source lists them.'];
  const more = waiting.length > SHOWN ? [`    … and ${waiting.length - SHOWN} more`] : [];
  return waiting.length === 0
    ? []
    : [`  Waiting on it: ${waiting.length}`, ...waiting.slice(0, SHOWN).map(({ entityType, id }) => `    ${entityType} ${id}`), ...more];
}
