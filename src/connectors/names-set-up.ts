import type { Context } from './context.js';
import type { Written, WrittenProblem } from './written.js';

/** A name in `from:` or `to:` that is not set up. `at`: the setting. */
export interface UnknownName {
  at: string;
  message: string;
  given: string;
  meant: readonly string[];
}

/** The names that an organisation has set up in a system, by which a definition is checked. */
export interface NamesSetUp {
  /** Types in `from:` settings that it does not have. */
  unknownTypes(settings: unknown, side: 'source' | 'destination'): UnknownName[];
  /**
   * The concepts of these that it does not have: names as expressions read them, `Group » Concept`
   * for one of a group, each group before what is in it.
   */
  unknownConcepts(names: readonly string[]): Promise<string[]>;
  /** Of a concept that is answered by others; absent where it is not. */
  answersOf(concept: string): readonly string[] | undefined;
  concepts: readonly string[];
  /** What is wrong with names that a mapping writes out for a destination. */
  checkWritten(settings: unknown, written: Written): WrittenProblem[];
}

/** How what is set up in a kind of system is saved, and read again. */
export interface SetUpFiles {
  /**
   * The settings of a system by variables of the environment. `valueOf` throws, in words, where one
   * is not set.
   */
  settingsOf(has: (name: string) => boolean, valueOf: (name: string) => string): unknown;
  /** All of it, as it is saved. @throws SystemFailure, Cancelled */
  ask(settings: unknown, c: Context): Promise<object>;
  /** From a file or a folder. @throws Error in words, a line each */
  read(path: string): Promise<NamesSetUp>;
}
