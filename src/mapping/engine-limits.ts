import type jsonata from 'jsonata';

/**
 * What JSONata itself bounds of one evaluation. They end most of what runs away without its thread
 * having to be ended; what they miss, the threads' own deadline and memory limit end.
 */
export const ENGINE_LIMITS = {
  /** Milliseconds: as long as a record may take. */
  timeout: 5_000,
  /**
   * Steps begun and not ended. The fields of an object are evaluated side by side, so that a wide
   * object counts as well as a recursion.
   */
  stack: 20_000,
  /** Items of a list. */
  sequence: 100_000,
} as const;

/** Characters of a text, or items of a list, that one step may give. */
export const MAX_LENGTH = 1_000_000;

/** Thrown within an evaluation, where one step would make more than it may. */
export class TooLarge extends Error {}

/**
 * Ends an evaluation at the first step that gives a text or a list of more than a million. V8 gives
 * a thread larger ones though it may not have so much memory, and where there is none left for a
 * single one it ends the whole process, not the thread.
 */
export function boundSteps(expression: jsonata.Expression): void {
  // JSONata calls what is bound to this symbol after each step; its types know names that are texts
  // only.
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, checkStep);
}

function checkStep(_node: unknown, _input: unknown, _environment: unknown, result: unknown): void {
  if ((typeof result === 'string' || Array.isArray(result)) && result.length > MAX_LENGTH) throw new TooLarge();
}

/** JSONata's codes where a limit of these ends it, and what that means for the record. */
const CODES = new Map<unknown, 'MappingTooLong' | 'MappingTooLarge'>([
  ['D1011', 'MappingTooLong'],
  ['D1012', 'MappingTooLong'],
  ['D2014', 'MappingTooLarge'],
  ['D2015', 'MappingTooLarge'],
]);

/**
 * Which bound ended an evaluation: one of these, or JavaScript's own on calls within calls, texts
 * and lists. Undefined for any other failure.
 */
export function limitMet(thrown: unknown): 'MappingTooLong' | 'MappingTooLarge' | undefined {
  if (thrown instanceof TooLarge) return 'MappingTooLarge';
  if (thrown instanceof RangeError) return /call stack/.test(thrown.message) ? 'MappingTooLong' : 'MappingTooLarge';
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const { code, error } = thrown as { code?: unknown; error?: unknown };
  // What $eval evaluates fails within its own failure.
  return CODES.get(code) ?? (error === undefined ? undefined : limitMet(error));
}
