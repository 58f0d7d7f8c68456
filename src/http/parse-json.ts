import type { z } from 'zod';
import { SystemFailure } from '../errors/system-failure.js';
import { AnswerTooLarge } from '../errors/answer-too-large.js';
import { TooManyValues } from '../json/cost-of-reading.js';
import { readJson } from '../json/json.js';
import type { HttpResponse } from './http.js';

/**
 * The body as the schema has it. `read` says what becomes of numbers that a JavaScript number would
 * alter.
 *
 * @throws SystemFailure `BadResponse` naming the field, never its value; AnswerTooLarge
 */
export function parseJson<T>(response: HttpResponse, schema: z.ZodType<T>, place: string, read = readJson): T {
  const parsed = schema.safeParse(jsonOf(response, place, read));
  if (parsed.success) return parsed.data;
  const [{ path = [], code = 'unknown' } = {}] = parsed.error.issues;
  const where = path.length > 0 ? `"${path.join('.')}"` : 'its root';
  throw new SystemFailure({
    code: 'BadResponse',
    message: `${place}: the answer is not of the expected shape at ${where} (${code}).`,
    remedy: 'See whether the url leads to the right kind of system, and its version is supported.',
    status: response.status,
  });
}

function jsonOf(response: HttpResponse, place: string, read: typeof readJson): unknown {
  try {
    return read(response.text);
  } catch (error) {
    if (error instanceof TooManyValues) throw new AnswerTooLarge(place, 'hundreds of thousands of values', response.status);
    throw new SystemFailure({
      code: 'BadResponse',
      message: `${place}: the answer is not JSON (status ${response.status}).`,
      remedy: 'See whether the url leads to the system itself, not to a sign-in page or a proxy.',
      status: response.status,
    });
  }
}
