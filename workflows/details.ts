import type { ProcessStatus } from './status.js';
import type { TypeState } from './state.js';

/** The status as markdown, for the Web UI's current details. */
export function detailsOf(status: ProcessStatus): string {
  const rows = Object.entries(status.types).map(([name, type]) => row(name, type));
  return [
    `**${status.state}** since ${status.since}. ${status.words}`,
    '',
    ...(rows.length > 0
      ? [
          '| entity type | got to | read | created | updated | unchanged | removed | filtered | errored | held |',
          '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
          ...rows,
          '',
        ]
      : []),
    ...(status.failure
      ? [
          `**${status.failure.code}** in ${status.failure.entityType ?? status.process}: ${status.failure.message}`,
          `What to do: ${status.failure.remedy}`,
          '',
        ]
      : []),
    ...status.notes.map((note) => `- ${note}`),
    `Cycle ${status.cycle}${status.nextRun !== undefined ? `, next at ${status.nextRun}` : ''}${status.digest !== undefined ? `, definition ${status.digest.slice(0, 12)}` : ''}`,
  ].join('\n');
}

function row(name: string, type: TypeState): string {
  const s = type.total;
  const counts = s ? [s.read, s.created, s.updated, s.unchanged, s.removed, s.filtered, s.errored, s.held] : Array<string>(8).fill('–');
  return `| ${name}${type.stopped ? ' ⚠' : ''} | ${type.bookmark?.at ?? 'the beginning'} | ${counts.join(' | ')} |`;
}
