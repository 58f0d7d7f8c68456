import type { Instant } from './instant.js';

/** Why a clock is not believed, in words for a person, with both times. */
export interface ClockDoubt {
  /** The system's clock against the worker's; `silent`: it does not tell. */
  how: 'ahead' | 'behind' | 'silent';
  ours: Instant;
  theirs?: Instant;
  message: string;
  remedy: string;
  /**
   * Where any record of the system is stamped in here (after < stamp ≤ until), its clock is right
   * and so is this horizon.
   */
  proof?: { after: Instant; until: Instant; horizon: Instant };
}

/**
 * Milliseconds by which a system's clock and the worker's own may differ, unless its definition
 * says otherwise.
 */
export const CLOCK_BOUND = 5_000;

/** What a person is to know of a system's clock that is not believed. */
export interface ToldDoubt {
  system: string;
  code: 'ClockUnsure';
  message: string;
  remedy: string;
  ours: Instant;
  theirs?: Instant;
}

/** One for each system that was asked; `doubt` is absent where its clock is believed. */
export type ClockDoubts = { system: string; doubt?: ToldDoubt }[];

/** What was found of the clocks of systems, to be told. */
export function toldOf(clocks: ReadonlyMap<string, ClockDoubt | null>): ClockDoubts {
  return [...clocks].map(([system, found]) => {
    if (!found) return { system };
    const { message, remedy, ours, theirs } = found;
    return { system, doubt: { system, code: 'ClockUnsure', message, remedy, ours, ...(theirs !== undefined ? { theirs } : {}) } };
  });
}

/**
 * Takes what was found of clocks into a state: what was known of a system that was not asked stays,
 * that of one no longer used goes.
 */
export function takeDoubts(state: { clocks?: ClockDoubts }, found: ClockDoubts = [], used: ReadonlySet<string>): void {
  const asked = new Set(found.map(({ system }) => system));
  const known = (state.clocks ?? []).filter(({ system }) => used.has(system) && !asked.has(system));
  const clocks = [...known, ...found].filter(({ doubt }) => doubt !== undefined);
  if (clocks.length > 0) state.clocks = clocks;
  else delete state.clocks;
}

/** The doubts of a state, in words: what, why and what to do. */
export function doubtsOf({ clocks = [] }: { clocks?: ClockDoubts }): ToldDoubt[] {
  return clocks.flatMap(({ doubt }) => doubt ?? []);
}
