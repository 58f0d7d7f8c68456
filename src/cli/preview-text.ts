import type { Preview } from '../sync/preview.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';
import { inline, valueLines } from './value-lines.js';
import { indented, resourceLines, writeText } from './write-text.js';

/** Characters of what an expression gave beyond which it is told line by line. */
const SHORT = 100;

/** What a record would come to, for a person at a terminal. */
export function previewText(preview: Preview): string {
  const { entityType, id, version, voided, gave, writes } = preview;
  const state = version === undefined ? '' : `, version ${version}${voided === true ? ', voided' : ''}`;
  const sections: [string, string[]][] = [
    ['The record', 'body' in preview ? valueLines(preview.body) : []],
    ['What its expressions gave', gave.flatMap(({ expression, value }) => gaveLines(expression, value))],
    ['What would be written', [...outcomeLines(preview), ...writes.flatMap(resourceLines)]],
    ['Before it', beforeLines(preview)],
    ['After it', preview.children.map(childLine)],
  ];
  return [
    inOneLine(`${entityType} ${id}${state}`),
    ...sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`  ${title}`, ...indented(indented(lines))])),
  ].join('\n');
}

function gaveLines(expression: string, value: unknown): string[] {
  const short = inline(value);
  return short.length <= SHORT ? [inOneLine(`${expression}: ${short}`)] : [`${expression}:`, ...indented(valueLines(value))];
}

function outcomeLines({ entityType, id, outcome, error, on, writes }: Preview): string[] {
  if (outcome === 'absent') return ['Nothing: its source has no such record, or cannot read it.'];
  if (error) return [outcome === 'held' ? 'Nothing yet: it would wait.' : 'Nothing: it would fail.', ...errorText(error, error)];
  if (on) {
    const why = on.error ? `: ${on.error.errorType}: ${on.error.message}` : '.';
    return [inOneLine(`Nothing yet: it would wait on ${on.entityType} ${on.id}, which fails${why}`)];
  }
  if (outcome === 'filtered')
    return [
      'Nothing: it is filtered, by its rule, because it or what it depends on is voided or filtered, or with nothing there to remove.',
    ];
  return writes.length > 0 ? writes.map(writeText) : [inOneLine(`${entityType} ${id} would be ${outcome}`)];
}

function beforeLines({ parents, before }: Preview): string[] {
  const others = parents.filter((each) => !before.some(({ entityType, id }) => entityType === each.entityType && id === each.id));
  return [
    ...before.flatMap((write) => [writeText(write), ...indented(resourceLines(write))]),
    ...others.map(({ entityType, id }) => inOneLine(`${entityType} ${id}: would not be written again`)),
  ];
}

function childLine({ entityType, ids, more }: Preview['children'][number]): string {
  return inOneLine(`${entityType}: ${ids.join(', ')}${more ? ', and more' : ''}`);
}
