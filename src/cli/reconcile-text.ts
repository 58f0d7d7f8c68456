import type { Reconciliation, TypeReconciliation } from '../sync/reconcile/reconciliation.js';
import type { Counted, Counts } from '../sync/reconcile/tally.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';
import { indented, resourceLines, writeText } from './write-text.js';

/** Records of one kind that are named; `--json` gives all that are known. */
const NAMED = 20;

const WORDS: [Counted, string][] = [
  ['inStep', 'in step'],
  ['missing', 'missing'],
  ['different', 'different'],
  ['doubled', 'doubled'],
  ['extra', 'extra'],
  ['failing', 'fail'],
  ['held', 'held'],
  ['changed', 'changed meanwhile'],
];

/** How both systems of a process stand, for a person at a terminal. */
export function reconcileText(process: string, { types }: Reconciliation): string {
  return [`${process}, record by record. Nothing is written.`, ...types.map((type) => typeLines(type).join('\n'))].join('\n\n');
}

/** Whether every record stands as it should, as far as all was looked at. */
export function isInStep({ types }: Reconciliation): boolean {
  return types.every(({ counts, stopped }) => !stopped && isSound(counts));
}

/** What changed meanwhile is the next run's. */
function isSound({ inStep: _inStep, changed: _changed, ...wrong }: Counts): boolean {
  return Object.values(wrong).every((count) => count === 0);
}

function typeLines(type: TypeReconciliation): string[] {
  const { entityType, until, read, counts, byMonth, byPlace, elements, samples, failures, more, unlisted, stopped } = type;
  const changed = Object.entries(elements).sort(([, a], [, b]) => b - a);
  return [
    entityType,
    ...indented([
      `${read} read${until === undefined ? '' : `, up to ${until}`}: ${countsText(counts)}`,
      ...table('By month', byMonth),
      ...table('By place', byPlace),
      ...(changed.length > 0 ? ['Elements that differ, in so many records:'] : []),
      ...changed.map(([path, count]) => inOneLine(`  ${path}: ${count}`)),
      ...foundLines(type),
      ...(more ? ['There are more than are named: repair these, then ask again.'] : []),
      ...samples.flatMap((write) => [`e.g. ${writeText(write)}`, ...indented(resourceLines(write))]),
      ...failures.flatMap(({ count, id, error }) => [
        inOneLine(`${count} fail, the first of them ${id}:`),
        ...indented(errorText(error, error)),
      ]),
      ...(unlisted
        ? ['What its destination alone has cannot be told: it does not list what Sangam wrote by the record it came from.']
        : []),
      ...(stopped ? [inOneLine(`It stopped: ${stopped.code}: ${stopped.message}`), inOneLine(`What to do: ${stopped.remedy}`)] : []),
    ]),
  ];
}

function countsText(counts: Counts): string {
  const told = WORDS.flatMap(([name, words]) => ((counts[name] ?? 0) > 0 ? [`${counts[name]} ${words}`] : []));
  return told.length > 0 ? told.join(', ') : 'nothing to compare';
}

/** Where all is well, nobody needs to see each. */
function table(title: string, by: Record<string, Counts>): string[] {
  const rows = Object.entries(by).filter(([, counts]) => !isSound(counts));
  return rows.length > 0 ? [`${title}:`, ...rows.map(([name, counts]) => inOneLine(`  ${name}: ${countsText(counts)}`))] : [];
}

function foundLines({ found }: TypeReconciliation): string[] {
  return WORDS.flatMap(([name, words]) => {
    const ids = found.filter(({ standing }) => standing === name).map(({ id }) => id);
    if (ids.length === 0) return [];
    const others = ids.length > NAMED ? `, and ${ids.length - NAMED} more` : '';
    return [inOneLine(`${words}: ${ids.slice(0, NAMED).join(', ')}${others}`)];
  });
}
