/** Thrown where a text of JSON holds more values than are read at once. */
export class TooManyValues extends Error {
  override readonly name = 'TooManyValues';
}

/** What reading one text may cost: about a second, and a few hundred MB. */
const MAX_COST = 2_000_000;

/**
 * What each part of a text costs. A name costs most: where all are different, each is kept by
 * itself.
 */
export const COST = {
  /** A list or an object. */
  container: 1,
  /** One more of a list or an object. */
  next: 1,
  name: 3,
  number: 2,
  /** A number that has to be looked at by its digits. */
  numberWithCare: 10,
} as const;

/**
 * Adds up what reading one text costs, so that it ends before it is parsed. @throws TooManyValues
 */
export function costOfReading(): (cost: number) => void {
  let spent = 0;
  return (cost) => {
    spent += cost;
    if (spent > MAX_COST) throw new TooManyValues('It holds too many values');
  };
}
