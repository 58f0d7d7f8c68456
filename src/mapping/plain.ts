import { MappingFailed } from './mapping.js';
import { setOwn } from '../model/keyed.js';
import { tooMuch } from './too-much.js';

/**
 * Most that one expression may give: values, and sixteen characters of a text as one. What is held
 * twice counts twice, since written out it does.
 */
export const MAX_WEIGHT = 150_000;
const CHARACTERS = 16;

/**
 * A JSONata result as plain JSON of its own: no sequences, proxies or functions; undefined members
 * are left out. @throws MappingFailed
 */
export function plain(value: unknown, most = MAX_WEIGHT): unknown {
  return copyOf(value, { weight: 0, most });
}

function copyOf(value: unknown, spent: { weight: number; readonly most: number }): unknown {
  spent.weight += typeof value === 'string' ? 1 + value.length / CHARACTERS : 1;
  if (spent.weight > spent.most) throw tooMuch('MappingTooLarge');
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw notPlain('a number that is not finite');
  }
  if (Array.isArray(value)) return value.map((each) => copyOf(each, spent)).filter((each) => each !== undefined);
  if (typeof value !== 'object') throw notPlain(`a ${typeof value}`);
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) throw notPlain('a function');
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    spent.weight += key.length / CHARACTERS;
    const each = copyOf(member, spent);
    if (each !== undefined) setOwn(copy, key, each);
  }
  return copy;
}

function notPlain(what: string): MappingFailed {
  return new MappingFailed({ code: 'MappingFailed', message: `The expression gives ${what}.`, remedy: 'Make the expression give JSON.' });
}
