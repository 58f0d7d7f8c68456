import type { PlannedChange } from '../connectors/connector.js';
import type { PlannedWrite } from '../sync/planned-writes.js';
import { inOneLine } from './printable.js';
import { inline, valueLines } from './value-lines.js';

/** What a write would come to, in one line. */
export function writeText(write: PlannedWrite): string {
  const { entityType, id, outcome, resources } = write;
  const named = resources.map((each) => `${each.type}/${each.id ?? '?'}`);
  const kind = outcome.kind === 'absent' ? 'filtered' : outcome.kind;
  return inOneLine(`${entityType} ${id} would be ${kind}${named.length > 0 ? `: ${named.join(', ')}` : ''}`);
}

/** The resources of a write as they would be sent, and what of each would change. */
export function resourceLines({ resources, outcome }: PlannedWrite): string[] {
  const changes = outcome.changes ?? [];
  const told = resources.flatMap(({ name, type, id, shared, body }) => {
    const change = changes.find((each) => each.type === type && (each.id === id || each.id === undefined));
    const what = shared ? 'shared: made where it is absent' : change ? `would be ${WHAT[change.what]}` : 'unchanged';
    const title = inOneLine(`${type}/${id ?? '?'} (${name.split('/')[0] ?? name}), ${what}`);
    return [title, ...indented(valueLines(change?.body ?? body)), ...differences(change)];
  });
  const others = changes.filter((change) => !resources.some(({ type, id }) => change.type === type && (change.id ?? id) === id));
  return [...told, ...others.flatMap((change) => [`${changeTitle(change)}`, ...differences(change)])];
}

/** What of it would change. */
function elementLines({ elements }: Pick<PlannedChange, 'elements'>): string[] {
  return elements.map(({ path, from, to }) => `${inOneLine(path)}: ${inline(from)} → ${inline(to)}`);
}

const WHAT = { create: 'created', update: 'updated', remove: 'removed' };

function changeTitle({ type, id, what }: PlannedChange): string {
  return inOneLine(`${type}/${id ?? '?'} would be ${WHAT[what]}`);
}

function differences(change: PlannedChange | undefined): string[] {
  if (change?.what !== 'update') return [];
  return ['The difference to what is stored:', ...indented(elementLines(change))].map((line) => `  ${line}`);
}

/** Lines set in by one step. */
export function indented(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
