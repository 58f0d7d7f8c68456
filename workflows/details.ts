import type { Sheet } from '../src/model/sheet.js';
import { byDirection } from './by-direction.js';
import type { ProcessStatus } from './status.js';
import { lastPassDetails } from './errors/status.js';
import type { TypeState } from './state.js';
import { joined, marked, type Markdown } from '../src/model/markdown.js';

const RESULTS = ['created', 'updated', 'adopted', 'edited', 'unchanged', 'removed', 'filtered', 'errored', 'held'] as const;

/**
 * The status as markdown, for the Web UI's current details: as narrow as it can be, since they
 * stand in half a page.
 */
export function detailsOf(status: ProcessStatus): Markdown {
  return joined([
    marked`**${status.state}** since ${short(status.since)}. ${status.words}`,
    marked``,
    ...tableOf(status.types),
    ...(status.failure
      ? [
          marked`**${status.failure.code}** in ${status.failure.entityType ?? status.process}: ${status.failure.message}`,
          marked`What to do: ${status.failure.remedy}`,
          marked``,
        ]
      : []),
    ...lastPassDetails(status.errors),
    ...status.notes.map((note) => marked`- ${note}`),
    ...(status.notes.length > 0 ? [marked``] : []),
    marked`Cycle ${status.cycle}${status.nextRun !== undefined ? `, next at ${short(status.nextRun)}` : ''}${status.digest !== undefined ? `, definition ${status.digest.slice(0, 12)}` : ''}`,
  ]);
}

/** A row for each entity type, with a column for each result that any record met. */
function tableOf(types: Record<string, TypeState>): Markdown[] {
  const entries = Object.entries(types);
  if (entries.length === 0) return [];
  const columns: (keyof Sheet)[] = ['read', ...RESULTS.filter((result) => entries.some(([, { total }]) => (total?.[result] ?? 0) > 0))];
  return [
    marked`| entity type | got to | ${cells(columns)} |`,
    marked`|---|---|${joined(
      columns.map(() => marked`--:|`),
      '',
    )}`,
    ...[...byDirection(types)].flatMap(([direction, each]) => [
      ...(direction === '' ? [] : [marked`| **${direction}** |`]),
      ...each.map((entry) => rowOf(entry, columns)),
    ]),
    marked``,
  ];
}

function rowOf([name, type]: [string, TypeState], columns: (keyof Sheet)[]): Markdown {
  const place = type.bookmark ? short(type.bookmark.at) : 'the beginning';
  return marked`| ${name}${type.stopped ? ' ⚠' : ''} | ${place} | ${cells(columns.map((column) => type.total?.[column] ?? '–'))} |`;
}

function cells(values: (string | number)[]): Markdown {
  return joined(
    values.map((value) => marked`${value}`),
    ' | ',
  );
}

/** `2026-11-25 10:21:44Z`: to the second, in a form that lines break well. */
function short(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)}Z`;
}
