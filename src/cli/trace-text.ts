import type { Trace, TracedRecord } from '../sync/trace.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';
import { indented } from './write-text.js';

const WOULD = { create: 'is missing', update: 'is different', remove: 'should not be there', stay: 'as it should be' };

/** A record's way, for a person at a terminal. `rowOf`: what is known of its errored record. */
export function traceText({ records, more }: Trace, rowOf: (record: TracedRecord) => string | undefined): string {
  return [
    ...records.flatMap((record) => {
      let lines = recordLines(record, rowOf(record));
      for (let step = 0; step < record.depth; step += 1) lines = indented(lines);
      return lines;
    }),
    ...(more ? ['There are more records than are shown.'] : []),
  ].join('\n');
}

/** Whether all of it is in step. */
export function isWhole({ records }: Trace): boolean {
  return records.every(({ outcome }) => outcome === 'unchanged' || outcome === 'filtered');
}

function recordLines(record: TracedRecord, row: string | undefined): string[] {
  const { entityType, id, version, created, voided, outcome, written, error, on } = record;
  const made = created === undefined ? '' : `, made ${created}`;
  const source = version === undefined ? 'its source has none' : `in its source as of ${version}${made}${voided ? ', voided' : ''}`;
  return [
    inOneLine(`${entityType} ${id}: ${OUTCOMES[outcome]}; ${source}`),
    ...indented([
      ...written.map(({ type, id: there = '?', would, elements = [] }) =>
        inOneLine(`${type}/${there}: ${WOULD[would]}${elements.length > 0 ? `: ${elements.join(', ')}` : ''}`),
      ),
      ...(error ? errorText(error, error) : []),
      ...(on ? [inOneLine(`It waits on ${on.entityType} ${on.id}.`)] : []),
      ...(row === undefined ? [] : ['Its errored record:', ...indented(row.split('\n'))]),
    ]),
  ];
}

const OUTCOMES: Record<TracedRecord['outcome'], string> = {
  unchanged: 'in step',
  filtered: 'filtered',
  created: 'missing',
  updated: 'different',
  removed: 'extra',
  errored: 'fails',
  held: 'held',
  absent: 'not there',
};
