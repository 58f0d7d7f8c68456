import type { LiveStatus } from '../temporal/read-status.js';
import type { Sheet } from '../sync/results.js';

/** A status for a person at a terminal. */
export function statusText(status: LiveStatus): string {
  const lines = [`${status.process}: ${status.state} since ${status.since}`, `  ${status.words}`];
  for (const [name, type] of Object.entries(status.types)) {
    lines.push(`  ${name}: got to ${type.bookmark?.at ?? 'the beginning'}${type.total ? `; ${counts(type.total)}` : ''}`);
    if (type.stopped) lines.push(`    ${type.stopped.code}: ${type.stopped.message}`, `    What to do: ${type.stopped.remedy}`);
    for (const [concept, { count, first }] of Object.entries(type.findings ?? {}))
      lines.push(`    no expression reads “${concept}”: ${count} records, the first ${first}`);
  }
  if (status.live)
    lines.push(`  Running (${status.child ?? ''}): at ${status.live.bookmark?.at ?? 'the beginning'}; ${counts(status.live.sheet)}`);
  lines.push(...status.notes.map((note) => `  Note: ${note}`));
  return lines.join('\n');
}

function counts(sheet: Sheet): string {
  const told = Object.entries(sheet).filter(([name, count]) => name === 'read' || count > 0);
  return told.map(([name, count]) => `${count} ${name}`).join(', ');
}
