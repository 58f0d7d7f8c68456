import { checkLookInput } from './check-input.js';
import type { ReconcileInput, ReconcileResult } from './contracts.js';
import { lookingActivities } from './looking.js';

/** Milliseconds. */
const MAX_TIME = 24 * 60 * 60_000;

/** How both systems of a process stand, for whoever asks. It writes nothing. */
export async function reconcile(input: ReconcileInput): Promise<ReconcileResult> {
  checkLookInput(input);
  return lookingActivities(MAX_TIME).reconcileRecords(input);
}
