import type { HttpResponse } from '../http/http.js';
import { horizonBy, type ClockReading } from './clock.js';
import type { ConnectOptions, Horizon } from './connector.js';

/** As HTTP has it, e.g. `Tue, 24 Nov 2026 06:30:00 GMT`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** A year: what says that it was kept for longer says nothing. */
const MAX_AGE = 31_536_000;

/**
 * The horizon by what an answer says of the system's clock, asked for now. @throws what `ask`
 * throws
 */
export async function askHorizon(ask: () => Promise<HttpResponse>, options: ConnectOptions): Promise<Horizon> {
  const asked = Date.now();
  const { headers } = await ask();
  return horizonBy({ asked, answered: Date.now(), ...clockIn(headers) }, options);
}

/** What the headers of an answer say of the system's clock. */
export function clockIn({ date = '', age = '' }: HttpResponse['headers']): Pick<ClockReading, 'date' | 'age'> {
  const time = HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
  const kept = /^\d{1,9}$/.test(age) ? Math.min(Number(age), MAX_AGE) : 0;
  return { ...(Number.isNaN(time) ? {} : { date: time }), age: kept * 1_000 };
}
