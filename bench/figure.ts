/** One thing measured: a ratio, a count, or a quantity with a bound. */
export interface Figure {
  /** What was measured, in words. */
  what: string;
  value: number;
  bound: { atLeast: number } | { atMost: number };
  /** Of value and bound, e.g. `MB`; a ratio where absent. */
  unit?: string;
  /** What it was worked out from. */
  detail: string;
}

/** Some figures that are measured together, by one name of `--only`. */
export interface Measurement {
  name: string;
  measure(log: (line: string) => void): Promise<Figure[]>;
}

export function holds({ value, bound }: Figure): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error('There is no middle of nothing');
  return (low + high) / 2;
}
