import { checkLookInput } from './check-input.js';
import type { PlanRunInput, PlanRunResult } from './contracts.js';
import { lookingActivities } from './looking.js';

/** Milliseconds. */
const MAX_TIME = 6 * 60 * 60_000;

/** What a run would do now, for whoever asks. It writes nothing, and belongs to no process. */
export async function plan(input: PlanRunInput): Promise<PlanRunResult> {
  checkLookInput(input);
  return lookingActivities(MAX_TIME).planRun(input);
}
