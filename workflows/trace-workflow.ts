import { checkLookInput } from './check-input.js';
import type { TraceInput, TraceResult } from './contracts.js';
import { lookingActivities } from './looking.js';

/** Milliseconds. */
const MAX_TIME = 10 * 60_000;

/** The way of one record through its process, for whoever asks. It writes nothing. */
export async function trace(input: TraceInput): Promise<TraceResult> {
  checkLookInput(input);
  return lookingActivities(MAX_TIME).traceRecord(input);
}
