/** What an expression gives as far as it is written out; `position`: characters into it. */
export type Written =
  /** Worked out for each record. */
  | { kind: 'open'; position: number }
  | { kind: 'value'; position: number; value: string | number | boolean | null }
  | { kind: 'list'; position: number; items: Written[] }
  /** `isWhole`: the names of all its members are written out. */
  | { kind: 'object'; position: number; members: WrittenMember[]; isWhole: boolean }
  /** The record decides. */
  | { kind: 'either'; position: number; options: Written[] };

export interface WrittenMember {
  name: string;
  position: number;
  value: Written;
}

/** What is wrong with it. `meant`: what is allowed, to name a near match of `given`. */
export interface WrittenProblem {
  position: number;
  message: string;
  allowed?: string;
  given?: string;
  meant?: string[];
}
