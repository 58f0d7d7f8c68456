import { SystemFailure } from '../errors/system-failure.js';
import type { Health, Horizon } from './connector.js';

/**
 * Asks a system for its horizon, which shows whether it is reached and authorised, and its clock; a
 * failure becomes words.
 */
export async function healthOf(ask: () => Promise<Horizon>): Promise<Health> {
  try {
    const { unsure } = await ask();
    if (!unsure) return { ok: true, problems: [] };
    return { ok: false, problems: [{ code: 'ClockUnsure', message: unsure.message, remedy: unsure.remedy }] };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    return { ok: false, problems: [{ code: error.code, message: error.message, remedy: error.remedy }] };
  }
}
