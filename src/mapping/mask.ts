import type { EntityTypeDefinition } from '../definition/definition.js';
import { isNumber } from '../json/exact-number.js';
import { setOwn } from '../model/keyed.js';
import { shownConcept } from './shown-concept.js';
import { writtenOut, writtenOutName } from './written-out.js';

/** A shorter text might be a person's value by chance. */
const SHORTEST_KNOWN = 8;

const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/**
 * A copy of a value in which what a record gave is told by its kind alone. What the definition
 * itself says word by word is shown, whatever the record; so are ids and references of records.
 * `member`: the name of the member that holds it.
 */
export type Mask = (value: unknown, member?: string) => unknown;

/** `known`: ids of records, and what refers to them. */
export function maskFor({ map, functions = {}, to }: EntityTypeDefinition, known: Iterable<unknown>): Mask {
  const written = writtenOut([...Object.values(map), ...Object.values(functions)]);
  for (const { system } of Object.values(to.keys)) if (system !== undefined) written.add(writtenOutName('system', system));
  const texts = new Set<string>();
  for (const each of known) for (const text of textsIn(each)) if (text.length >= SHORTEST_KNOWN) texts.add(text);
  const mask: Mask = (value, member = '') => {
    if (typeof value === 'string') return texts.has(value) || written.has(writtenOutName(member, value)) ? value : kindOfText(value);
    if (isNumber(value)) return typeof value === 'number' && written.has(writtenOutName(member, value)) ? value : '‹number›';
    if (typeof value === 'boolean') return '‹true or false›';
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => mask(each, member));
    const copy: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(value)) setOwn(copy, shownConcept(name), mask(each, name));
    return copy;
  };
  return mask;
}

function kindOfText(text: string): string {
  if (DATE.test(text)) return '‹date›';
  if (DATE_TIME.test(text)) return '‹date and time›';
  return `‹text of ${text.length}›`;
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsIn(each);
}
