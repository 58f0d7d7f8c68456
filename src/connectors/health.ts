import { SystemFailure } from '../errors/system-failure.js';
import type { Health } from './connector.js';

/** Milliseconds by which clocks may differ before it is worth a word. */
const MOST_DIFFERENCE = 60_000;

/** Asks a system's clock, which shows whether it is reached and authorised; a failure becomes words. */
export async function healthOf(clock: () => Promise<number>): Promise<Health> {
  try {
    const difference = (await clock()) - Date.now();
    if (Math.abs(difference) <= MOST_DIFFERENCE) return { ok: true, problems: [], clockDifference: difference };
    const message = `Its clock differs from this machine’s by ${Math.round(difference / 1000)} s.`;
    return { ok: false, problems: [{ code: 'ClockDiffers', message, remedy: 'Set both clocks by NTP.' }], clockDifference: difference };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    return { ok: false, problems: [{ code: error.code, message: error.message, remedy: error.remedy }] };
  }
}
