import jsonata from 'jsonata';

/** Steps of one run: a mapping of ten fields takes about sixty. Counted, not timed, so that no slow machine makes a record fail. */
const MOST_STEPS = 250_000;
/** Steps begun and not ended: JSONata evaluates the fields of an object side by side, so that a wide object counts as well as a recursion. */
const MOST_OPEN = 20_000;
/** Steps after which others get their turn: a long run must not hold up heartbeats. */
const STEPS_A_TURN = 10_000;
/** Longest list a run may make, and JSONata's code for a longer one. */
const LONGEST_LIST = 100_000;
const LIST_TOO_LONG = 'D2015';
/** By which a short expression makes a long list; JSONata takes longer where it watches lists, so it does so only there. */
const LENGTHENS = /\.\.|append|eval/;

/** Thrown inside a run that goes on for too long. */
class TooLong extends Error {}

interface Frame {
  /** One for each run, shared by all its frames. */
  base: { depth: number; steps?: number };
}

/**
 * Compiles an expression every run of which ends. A regular expression that backtracks is one step, and not bounded.
 *
 * @throws JSONata's error for one that does not parse.
 */
export function parseLimited(source: string): jsonata.Expression {
  const expression = jsonata(source, LENGTHENS.test(source) ? { sequence: LONGEST_LIST } : {});
  // JSONata calls what is bound to this symbol before each step; its types know names that are texts only.
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, countStep);
  return expression;
}

/** Whether a run ended because of these limits. */
export function ranTooLong(thrown: unknown): boolean {
  return thrown instanceof TooLong || (typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === LIST_TOO_LONG);
}

function countStep(_node: unknown, _input: unknown, { base }: Frame): Promise<void> | undefined {
  const steps = (base.steps ?? 0) + 1;
  base.steps = steps;
  if (steps > MOST_STEPS || base.depth > MOST_OPEN) throw new TooLong();
  return steps % STEPS_A_TURN === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
}
