import type { Sheet } from '../model/sheet.js';
import type { PlannedFailure, ProcessPlan, RangePlan, TypePlan } from '../sync/plan-types.js';
import { asTyped, signalCommand, type Target } from '../temporal/errors/commands.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';
import { indented, resourceLines, writeText } from './write-text.js';

/** What a run would do, for a person at a terminal. */
export function planText(process: string, { digest, types }: ProcessPlan, target: Target): string {
  const run = asTyped(signalCommand(process, 'runNow', { plan: digest }, target));
  return [
    `The plan ${digest} of ${process}. Nothing is written, and no bookmark moves.`,
    ...types.map((each) => typeLines(each).join('\n')),
    `Where ${process} runs, this runs it now, and refuses if the definition or a system is another by then:\n  ${run}`,
  ].join('\n\n');
}

/** Whether all of it would go as it should. */
export function isWell({ types }: ProcessPlan): boolean {
  return types.every(({ stopped, behind, next }) => !stopped && [behind, next].every((each) => !each || unwell(each.sheet) === 0));
}

function unwell({ errored, held }: Sheet): number {
  return errored + held;
}

function typeLines({ entityType, behind, next, failures, downloads, stopped }: TypePlan): string[] {
  return [
    entityType,
    ...indented([
      ...(behind ? rangeLines('Read before: a rewind would write again', behind) : []),
      ...(next ? rangeLines('The next run', next) : []),
      ...failures.flatMap(failureLines),
      ...(downloads && downloads.records > 0 ? [`${downloads.by} would download ${downloads.records} records`] : []),
      ...(stopped ? [inOneLine(`It would stop: ${stopped.code}: ${stopped.message}`), inOneLine(`What to do: ${stopped.remedy}`)] : []),
    ]),
  ];
}

const COUNTS: [keyof Sheet, string][] = [
  ['created', 'would be created'],
  ['updated', 'updated'],
  ['unchanged', 'unchanged'],
  ['removed', 'removed'],
  ['filtered', 'filtered'],
  ['held', 'held'],
  ['errored', 'would fail'],
];

function rangeLines(title: string, { from, until, sheet, elements, samples, more }: RangePlan): string[] {
  const counts = COUNTS.flatMap(([name, words]) => (sheet[name] > 0 ? [`${sheet[name]} ${words}`] : []));
  const brought = sheet.brought > 0 ? [`${sheet.brought} of other types before or after them`] : [];
  const told = [...counts, ...brought].join(', ');
  const changed = Object.entries(elements).sort(([, a], [, b]) => b - a);
  return [
    `${title}, from ${from ?? 'the beginning'} to ${until}: ${sheet.read} read${told === '' ? '' : `: ${told}`}`,
    ...(more ? ['  There is more to read: give a higher --limit.'] : []),
    ...(changed.length > 0 ? ['  Elements that would change, in so many records:'] : []),
    ...changed.map(([path, count]) => inOneLine(`    ${path}: ${count}`)),
    ...samples.flatMap((write) => [`  e.g. ${writeText(write)}`, ...indented(indented(resourceLines(write)))]),
  ];
}

function failureLines({ count, id, error }: PlannedFailure): string[] {
  return [inOneLine(`${count} would fail, the first of them ${id}:`), ...indented(errorText(error, error))];
}
