import type { RecordError } from '../../errors/record-error.js';

/**
 * A field that an Avni server would refuse, or store as nobody means it. `path` names a field or
 * concept, never a value; `detail` may hold more.
 */
export function invalidField(path: string, why: string, detail?: string): RecordError {
  return {
    code: 'InvalidResource',
    message: `The mapped record cannot be written to Avni: ${path} ${why}.`,
    remedy: 'Correct the expression, or the record where it holds something unexpected.',
    path,
    ...(detail !== undefined ? { detail: `${path} ${why}: ${detail}` } : {}),
  };
}

/**
 * What an Avni server would say, which is not asked since a refusal may damage what it has: in its
 * own words, so that it falls under the same error type. The words may hold a value; they stay in
 * memory.
 */
export function wouldSay(code: string, words: string, message: string, remedy: string, path?: string): RecordError {
  return { code, message, remedy, detail: words, ...(path !== undefined ? { path } : {}) };
}
