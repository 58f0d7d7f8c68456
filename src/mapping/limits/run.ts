/** Steps of one run: a mapping of ten fields takes about sixty. Counted, not timed, so that no slow machine makes a record fail. */
const MOST_STEPS = 250_000;

/** Thrown inside a run that goes on for too long, or makes too much. */
export class TooLong extends Error {}

/** One run of an expression: JSONata keeps one such object for each. */
export interface Run {
  /** Steps begun and not ended. */
  depth: number;
  /** Steps, and what else took as long as so many. */
  spent?: number;
  /** What is spent when others get their turn. */
  turn?: number;
}

/** Counts work of a run. @throws TooLong */
export function spend(run: Run, steps: number): number {
  const spent = (run.spent ?? 0) + steps;
  run.spent = spent;
  if (spent > MOST_STEPS) throw new TooLong();
  return spent;
}

/** Steps that a run may still take. */
export function stepsLeft({ spent = 0 }: Run): number {
  return MOST_STEPS - spent;
}
