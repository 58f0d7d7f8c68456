import jsonata from 'jsonata';
import { boundFunctions } from './bounded-functions.js';
import { regexEngine } from './regex-engine.js';
import { spend, TooLong, type Run } from './run.js';
import { weightOf } from './weight.js';

/** Steps begun and not ended: JSONata evaluates the fields of an object side by side, so that a wide object counts as well as a recursion. */
const MOST_OPEN = 20_000;
/** Steps after which others get their turn: a long run must not hold up heartbeats. */
const STEPS_A_TURN = 10_000;
/** Longest list a run may make, and JSONata's code for a longer one. */
const LONGEST_LIST = 100_000;
const LIST_TOO_LONG = 'D2015';
/** Longest text a step may give. */
const LONGEST_TEXT = 1_000_000;
/** Most a list or an object may hold, and what it holds in turn: one that holds another twice counts it twice, since written out it does. */
const HEAVIEST = 250_000;

/** Compiles an expression every run of which ends, and before it takes much memory. @throws JSONata's error for one that does not parse. */
export function parseLimited(source: string): jsonata.Expression {
  // What JSONata makes of it has `exec`, which is all it asks for; its types want all of RegExp.
  const RegexEngine = regexEngine(undefined) as unknown as RegExpConstructor;
  const expression = jsonata(source, { sequence: LONGEST_LIST, RegexEngine });
  // JSONata calls what is bound to these symbols before and after each step; its types know names that are texts only.
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, countStep);
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, weighResult);
  boundFunctions(expression, LONGEST_TEXT);
  return expression;
}

/** Whether a run ended because of these limits, or of the engine's own on texts and on calls within calls. */
export function ranTooLong(thrown: unknown): boolean {
  if (thrown instanceof TooLong || thrown instanceof RangeError) return true;
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === LIST_TOO_LONG;
}

interface Frame {
  base: Run & { RegexEngine: unknown };
}

function countStep(_node: unknown, _input: unknown, { base }: Frame): Promise<void> | undefined {
  if (base.spent === undefined) base.RegexEngine = regexEngine(base);
  const spent = spend(base, 1);
  if (base.depth > MOST_OPEN) throw new TooLong();
  if (spent < (base.turn ?? STEPS_A_TURN)) return undefined;
  base.turn = spent + STEPS_A_TURN;
  return new Promise((resolve) => setImmediate(resolve));
}

/** What a step gives is what the next ones work on: a large one counts for more. */
function weighResult(_node: unknown, _input: unknown, { base }: Frame, result: unknown): void {
  if (typeof result === 'string') {
    if (result.length > LONGEST_TEXT) throw new TooLong();
    if (result.length > 1024) spend(base, result.length >> 10);
  } else if (typeof result === 'object' && result !== null) {
    const weight = weightOf(result);
    if (weight > HEAVIEST) throw new TooLong();
    if (weight > 64) spend(base, weight >> 6);
  }
}
