import { MappingFailed } from './mapping.js';

/**
 * The error of a record on which an expression takes too long, or makes too much. `expression`: its
 * place in the definition, where that is known.
 */
export function tooMuch(code: 'MappingTooLong' | 'MappingTooLarge', expression?: string, detail?: string): MappingFailed {
  const which = expression === undefined ? 'An expression' : `The expression ${expression}`;
  return new MappingFailed({
    code,
    message:
      code === 'MappingTooLong'
        ? `${which} does not end on this record in time.`
        : `${which} makes more of this record than memory is given for.`,
    remedy: 'Correct the record in its source, or make the expression do less with it.',
    ...(expression !== undefined ? { expression, path: expression } : {}),
    ...(detail !== undefined ? { detail } : {}),
  });
}

/**
 * The error of every record whose expressions name code tables that take up a thread's memory
 * before the first record is read.
 */
export function tablesTooLarge(): MappingFailed {
  return new MappingFailed({
    code: 'MappingTooLarge',
    message: 'The code tables that the expressions of this type name are together more than memory is given for.',
    remedy: 'Make the code tables smaller, or name them in the expressions by written-out texts, so that others are left out.',
  });
}
