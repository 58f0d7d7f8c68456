import { getOwn } from '../../model/keyed.js';
import type { Quick } from './nodes.js';
import { notQuick } from './not-quick.js';

/** `$`, `$$`, or what a name is bound to, such as the parameter of a function. */
export function quickVariable(name: string): Quick {
  if (name === '') return (context) => context;
  return (_context, helpers) => {
    const value = getOwn(helpers, name);
    if (typeof value === 'function' || !Object.hasOwn(helpers, name)) throw notQuick;
    return value;
  };
}
