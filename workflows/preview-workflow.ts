import { checkLookInput } from './check-input.js';
import type { PreviewInput, PreviewResult } from './contracts.js';
import { lookingActivities } from './looking.js';

/** Milliseconds. */
const MAX_TIME = 10 * 60_000;

/** What records would come to, for whoever asks. It writes nothing, and belongs to no process. */
export async function preview(input: PreviewInput): Promise<PreviewResult> {
  checkLookInput(input);
  return lookingActivities(MAX_TIME).previewRecords(input);
}
