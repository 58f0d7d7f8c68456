import { MappingFailed } from './mapping.js';
import { ranTooLong } from './run-limits.js';

/** What JSONata's commonest codes mean, without the values that its own messages quote. */
const MEANINGS: Record<string, string> = {
  D1001: 'a number is out of range',
  D1002: 'only a number can be negated',
  D1009: 'two parts of an object give the same key',
  D3030: 'a value cannot be made a number',
  D3137: 'it ends itself by $error',
  D3141: 'its $assert does not hold',
  T0410: 'a function is given a value of a type it does not take',
  T0411: 'a function is given a value of a type it does not take',
  T0412: 'a function is given a list with values of a type it does not take',
  T1003: 'the key of an object is not text',
  T1006: 'what is called is not a function',
  T2001: 'a number is needed on the left',
  T2002: 'a number is needed on the right',
  T2009: 'values of different types are compared',
  T2010: 'only texts and numbers can be compared',
};

interface Thrown {
  code?: unknown;
  position?: unknown;
  token?: unknown;
  message?: unknown;
}

/** Why an expression failed on a record. JSONata's messages quote values: only its code and what the expression's own text says are kept. */
export function expressionFailure(name: string, source: string, thrown: unknown): MappingFailed {
  const { code, position, token, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Thrown;
  const place = placeIn(source, position, token);
  const at = { expression: name, path: name };
  if (thrown instanceof MappingFailed)
    return new MappingFailed({ ...thrown.error, message: `${thrown.error.message} (${[name, ...place].join(', ')})`, ...at });
  if (ranTooLong(thrown))
    return new MappingFailed({
      code: 'MappingTooLong',
      message: `The expression ${name} does not end on this record, or takes far too many steps.`,
      remedy: 'Look for a function in it that calls itself for ever, or a very long list.',
      ...at,
    });
  const known = typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? code : undefined;
  const meaning = known !== undefined ? MEANINGS[known] : undefined;
  return new MappingFailed({
    code: 'MappingFailed',
    message: `The expression ${name} fails on this record${meaning ? `: ${meaning}` : ''} (${[`JSONata ${known ?? 'gives no code'}`, ...place].join(', ')}).`,
    remedy: 'Correct the record in its source, or make the expression deal with it.',
    ...at,
    ...(typeof message === 'string' ? { detail: message } : {}),
  });
}

/** Line and word of the expression. JSONata notes them on functions that all expressions share, so they count only where they fit this one. */
function placeIn(source: string, position: unknown, token: unknown): string[] {
  if (typeof position !== 'number' || position < 1 || position > source.length) return [];
  const line = `line ${source.slice(0, position).split('\n').length}`;
  if (token === undefined) return [line];
  if (typeof token !== 'string' || !source.slice(Math.max(0, position - token.length - 2), position + 1).includes(token)) return [];
  return [line, `at “${token}”`];
}
