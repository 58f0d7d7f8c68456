import { bytesOf } from '../src/model/clean.js';
import type { ProcessState } from './state.js';

/**
 * Bytes of the state of a process: Temporal hands on, and gives to who asks, no more than 2 MiB,
 * with what is around it.
 */
const MAX_STATE_BYTES = 1_000_000;

/**
 * Leaves out what would make a state too large to be handed on to the next run, which Temporal
 * would refuse again and again while the process stands still: what is known of concepts that
 * nobody reads, and if that is not enough, how the latest records fared. Both are gathered anew.
 * Bookmarks, and what was decided, stay.
 */
export function keepSmall(state: ProcessState): void {
  if (bytesOf(state) <= MAX_STATE_BYTES) return;
  state.shortened = true;
  for (const type of Object.values(state.types)) delete type.findings;
  if (bytesOf(state) <= MAX_STATE_BYTES) return;
  for (const type of Object.values(state.types)) delete type.failing;
  delete state.errors.failing;
}
