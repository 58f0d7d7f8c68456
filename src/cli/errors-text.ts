import { leftOverText } from '../../workflows/errors/left-over.js';
import type { NotRead } from '../temporal/errors/read-all-errors.js';
import type { ErrorGroup, ProcessErrors } from '../temporal/errors/read-errors.js';

/** Open errored records for a person at a terminal, with commands to copy. */
export function errorsText(errors: ProcessErrors): string {
  const { process, open, ignored, waiting, groups, retries, passedOver = [], silent, runNow } = errors;
  if (groups.length === 0) return [`${process}: no errored record is open.`, ...passedOverText(passedOver)].join('\n');
  const counts = [`${open} open`, ...(ignored > 0 ? [`${ignored} ignored`] : []), ...(waiting > 0 ? [`${waiting} children waiting`] : [])];
  return [
    `${process}: errored records: ${counts.join(', ')}.`,
    `  Tried again: ${retries?.words ?? (silent ? 'no worker answers for the process.' : 'not now, since the process does not run.')}`,
    ...(silent
      ? ['  No worker answers for all of it: what is listed is open, and what happened is told once one does (npx sangam worker).']
      : []),
    ...groups.map(groupText),
    '  To have all of them tried at once:',
    `    ${runNow}`,
    ...passedOverText(passedOver),
  ].join('\n');
}

/** One that cannot be read, beside the others. */
export function notReadText({ process, notRead }: NotRead): string {
  return `${process}: its errored records cannot be read\n  ${notRead}`;
}

function passedOverText(passedOver: string[]): string[] {
  const [first] = passedOver;
  if (first === undefined) return [];
  return [
    `  Passed over: ${passedOver.length} that look like errored records and cannot be read. Sangam did not start them: see who did, e.g. of ${JSON.stringify(first)}.`,
  ];
}

function groupText({
  entityType,
  errorType,
  ignored,
  count,
  since,
  waiting,
  message,
  remedy,
  commands,
  alsoTakes,
  leftOver,
  ...next
}: ErrorGroup): string {
  const more = [
    ...(ignored ? [`ignored until a newer version arrives`] : nextText(next)),
    ...(waiting > 0 ? [`${waiting} children waiting`] : []),
  ];
  if (leftOver)
    return [
      `  ${entityType}, ${errorType}: ${count}, the first since ${since}; not tried, since the definition does not have this entity type`,
      `    What to do: ${leftOverText(leftOver)}`,
      `    See one:   ${commands.show}`,
    ].join('\n');
  return [
    `  ${entityType}, ${errorType}: ${count}, the first since ${since}; ${more.join('; ')}`,
    ...(message !== undefined ? [`    What happened: ${message}`] : []),
    ...(remedy !== undefined ? [`    What to do: ${remedy}`] : []),
    `    See one:   ${commands.show}`,
    `    ${ignored ? 'Take up:  ' : 'Retry:    '} ${commands.retry}`,
    ...(commands.ignore !== undefined ? [`    Ignore:    ${commands.ignore}`] : []),
    ...(alsoTakes !== undefined ? [`    Note: these commands take ${alsoTakes} of this error type too.`] : []),
  ].join('\n');
}

function nextText({ nextTry, forPerson }: Pick<ErrorGroup, 'nextTry' | 'forPerson'>): string[] {
  return [
    ...(nextTry !== undefined ? [`next try after ${nextTry}`] : []),
    ...(forPerson > 0 ? [nextTry !== undefined ? `${forPerson} of them wait for a person` : 'waiting for a person'] : []),
  ];
}
