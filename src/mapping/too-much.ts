import { MappingFailed } from './mapping.js';

/** The error of a record on which an expression takes too long, or makes too much. `expression`: its place in the definition, where that is known. */
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
