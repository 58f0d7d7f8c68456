/**
 * Names that every object inherits, or that reach its prototype: from outside, they are names like
 * any other.
 */
export const HOSTILE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const;
