/** Thrown where a text of JSON holds more numbers than are read with care. */
export class TooManyNumbers extends Error {
  override readonly name = 'TooManyNumbers';
}

/** What reading all numbers of a text may cost: about a second. */
const MAX_COST = 1_000_000;

/** Adds up what reading the numbers of one text costs. @throws TooManyNumbers */
export function costOfNumbers(): (cost: number) => void {
  let spent = 0;
  return (cost) => {
    spent += cost;
    if (spent > MAX_COST) throw new TooManyNumbers('It holds too many numbers');
  };
}
