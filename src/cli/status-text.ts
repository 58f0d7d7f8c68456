import type { LiveStatus, NoStatus } from '../temporal/read-status.js';
import type { Sheet } from '../model/sheet.js';
import { byDirection } from '../../workflows/by-direction.js';
import { leftOverText } from '../../workflows/errors/left-over.js';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import type { TypeState } from '../../workflows/state.js';

/** A status for a person at a terminal. */
export function statusText(status: LiveStatus): string {
  const lines = [`${status.process}: ${status.state} since ${status.since}`, `  ${status.words}`];
  for (const [direction, types] of byDirection(status.types)) {
    if (direction !== '') lines.push(`  ${direction}`);
    for (const each of types) lines.push(...typeText(each));
  }
  if (status.waits !== undefined) lines.push(`  ${status.waits}`);
  lines.push(...errorsText(status.errors));
  lines.push(...status.notes.map((note) => `  Note: ${note}`));
  return lines.join('\n');
}

export function typeText([name, type]: [string, TypeState]): string[] {
  const lines = [`  ${name}: got to ${type.bookmark?.at ?? 'the beginning'}${type.total ? `; ${counts(type.total)}` : ''}`];
  if (type.stopped) lines.push(`    ${type.stopped.code}: ${type.stopped.message}`, `    What to do: ${type.stopped.remedy}`);
  for (const [concept, { count, first }] of Object.entries(type.findings ?? {}))
    lines.push(`    no expression reads “${concept}”: ${count} records, the first ${first}`);
  return lines;
}

/** A status in one line. */
export function lineText(status: LiveStatus | NoStatus): string {
  if ('noStatus' in status) return `  ${status.process}: does not answer. ${status.noStatus}`;
  return [`  ${status.process}: ${status.state} since ${status.since}.`, status.words, status.waits].filter(Boolean).join(' ');
}

/** What is known of a process that does not say how it stands. */
export function noStatusText({ process, noStatus, bookmarks }: NoStatus): string {
  const reached = Object.entries(bookmarks).map(([name, { at }]) => `  ${name}: got to ${at}`);
  return [`${process}: does not answer`, `  ${noStatus}`, ...reached].join('\n');
}

/** The side that tries errored records again, in short. */
function errorsText({ state, words, lastPass, leftOver = [] }: ErrorsStatus): string[] {
  const sheets = Object.entries(lastPass?.sheets ?? {}).map(
    ([name, { tried, healed, failing, gone }]) => `    ${name}: ${tried} tried, ${healed} healed, ${failing} failing, ${gone} gone`,
  );
  return [
    `  Errored records: ${state}. ${words}`,
    ...leftOver.map((each) => `    ${leftOverText(each)}`),
    ...(lastPass && sheets.length > 0 ? [`    Last pass, ended ${lastPass.ended}:`, ...sheets] : []),
  ];
}

/** What is counted within others. */
const WORDS = new Map([
  ['adopted', 'of the updated adopted'],
  ['edited', 'of these changed there by others'],
]);

function counts(sheet: Sheet): string {
  const told = Object.entries(sheet).filter(([name, count]) => name === 'read' || count > 0);
  return told.map(([name, count]) => `${count} ${WORDS.get(name) ?? name}`).join(', ');
}
