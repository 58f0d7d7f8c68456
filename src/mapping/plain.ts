import { MappingFailed } from './mapping.js';
import { setOwn } from '../model/keyed.js';

/** A JSONata result as plain JSON of its own: no sequences, proxies or functions; undefined members are left out. @throws MappingFailed */
export function plain(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw notPlain('a number that is not finite');
  }
  if (Array.isArray(value)) return value.map(plain).filter((each) => each !== undefined);
  if (typeof value !== 'object') throw notPlain(`a ${typeof value}`);
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) throw notPlain('a function');
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const each = plain(member);
    if (each !== undefined) setOwn(copy, key, each);
  }
  return copy;
}

function notPlain(what: string): MappingFailed {
  return new MappingFailed({ code: 'MappingFailed', message: `The expression gives ${what}.`, remedy: 'Make the expression give JSON.' });
}
