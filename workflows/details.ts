import type { Sheet } from '../src/sync/results.js';
import type { ProcessStatus } from './status.js';
import type { TypeState } from './state.js';

const FATES = ['created', 'updated', 'unchanged', 'removed', 'filtered', 'errored', 'held'] as const;

/** The status as markdown, for the Web UI's current details: as narrow as it can be, since they stand in half a page. */
export function detailsOf(status: ProcessStatus): string {
  return [
    `**${status.state}** since ${short(status.since)}. ${status.words}`,
    '',
    ...tableOf(status.types),
    ...(status.failure
      ? [
          `**${status.failure.code}** in ${status.failure.entityType ?? status.process}: ${status.failure.message}`,
          `What to do: ${status.failure.remedy}`,
          '',
        ]
      : []),
    ...status.notes.map((note) => `- ${note}`),
    ...(status.notes.length > 0 ? [''] : []),
    `Cycle ${status.cycle}${status.nextRun !== undefined ? `, next at ${short(status.nextRun)}` : ''}${status.digest !== undefined ? `, definition ${status.digest.slice(0, 12)}` : ''}`,
  ].join('\n');
}

/** A row for each entity type, with a column for each fate that any record met. */
function tableOf(types: Record<string, TypeState>): string[] {
  const entries = Object.entries(types);
  if (entries.length === 0) return [];
  const columns: (keyof Sheet)[] = ['read', ...FATES.filter((fate) => entries.some(([, { total }]) => (total?.[fate] ?? 0) > 0))];
  return [
    `| entity type | got to | ${columns.join(' | ')} |`,
    `|---|---|${columns.map(() => '--:|').join('')}`,
    ...entries.map(([name, type]) => {
      const place = type.bookmark ? short(type.bookmark.at) : 'the beginning';
      return `| ${name}${type.stopped ? ' ⚠' : ''} | ${place} | ${columns.map((column) => type.total?.[column] ?? '–').join(' | ')} |`;
    }),
    '',
  ];
}

/** `2026-11-25 10:21:44Z`: to the second, in a form that lines break well. */
function short(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)}Z`;
}
