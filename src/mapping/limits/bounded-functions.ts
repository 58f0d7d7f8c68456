import jsonata from 'jsonata';
import { spend, TooLong, type Run } from './run.js';
import { weightOf } from './weight.js';

type Registered = Parameters<jsonata.Expression['registerFunction']>[1];

type Implementation = (this: Focus, ...given: unknown[]) => unknown;

interface Focus {
  environment: { base: Run };
}

/** What is asked before JSONata's own function does its work. @throws TooLong */
type Bound = (given: unknown[], most: number, run: Run) => void;

/** No longer date-time text, nor picture of one, is of any use; and a picture that repeats numbers can be matched in too many ways. */
const LONGEST_DATE = 64;
const LONGEST_PICTURE = 200;
const MOST_PARTS = 9;

/** Functions whose result, or work, may be far larger than what they are given; with their signatures in JSONata. */
const BOUNDS: Record<string, { signature: string; bound: Bound }> = {
  pad: {
    signature: '<s-ns?:s>',
    bound: ([text, width, filling], most) => {
      if (lengthOf(text) + Math.abs(Number(width)) * Math.max(1, lengthOf(filling)) > most) throw new TooLong();
    },
  },
  join: {
    signature: '<a<s>s?:s>',
    bound: ([texts, separator], most) => {
      const all = Array.isArray(texts) ? texts : [];
      if (all.reduce((sum: number, each) => sum + lengthOf(each) + lengthOf(separator), 0) > most) throw new TooLong();
    },
  },
  distinct: {
    signature: '<x:x>',
    // Each is compared with every other.
    bound: ([list], _most, run) => {
      if (Array.isArray(list)) spend(run, Math.floor((list.length * weightOf(list)) / 64));
    },
  },
  fromMillis: { signature: '<n-s?s?:s>', bound: ([, picture]) => checkPicture(picture) },
  toMillis: {
    signature: '<s-s?:n>',
    bound: ([text, picture]) => {
      checkPicture(picture);
      if (picture !== undefined && lengthOf(text) > LONGEST_DATE) throw new TooLong();
    },
  },
};

const own = new Map<string, Implementation>();
for (const name of Object.keys(BOUNDS))
  own.set(name, ((await jsonata(`$${name}`).evaluate({})) as { implementation: Implementation }).implementation);

/** Puts these functions in the place of JSONata's own, to the same result. */
export function boundFunctions(expression: jsonata.Expression, longestText: number): void {
  for (const [name, { signature, bound }] of Object.entries(BOUNDS)) {
    const implementation = own.get(name);
    if (!implementation) continue;
    const bounded: Implementation = function (...given) {
      bound(given, longestText, this.environment.base);
      return implementation.apply(this, given);
    };
    // JSONata reads off a function how many arguments it takes, and their names where it is applied in part: $pad(?, 5).
    Object.defineProperty(bounded, 'length', { value: implementation.length });
    Object.defineProperty(bounded, 'toString', { value: () => implementation.toString() });
    // Its types know nothing of the run.
    expression.registerFunction(name, bounded as unknown as Registered, signature);
  }
}

function checkPicture(picture: unknown): void {
  if (typeof picture !== 'string') return;
  // A width such as [Y,9999] makes so many digits; outside of brackets a comma is one.
  if (picture.length > LONGEST_PICTURE || /\[[^\]]*,[^\]]*\d{3}/.test(picture) || picture.split('[').length - 1 > MOST_PARTS)
    throw new TooLong();
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
