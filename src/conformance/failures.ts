import assert from 'node:assert/strict';
import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import type { Disturbance } from './front.js';
import type { Reached } from './reached.js';

const answer = (status: number, body: string, headers: Record<string, string> = {}): Disturbance => ({ answer: { status, body, headers } });

/**
 * How a system fails as a whole, by name, and the codes that say so; any code where none is named.
 */
export const failing: Record<string, { by: Disturbance; codes?: string[]; retryAfter?: number }> = {
  'asks to wait by 429': { by: answer(429, '', { 'retry-after': '7' }), retryAfter: 7_000 },
  'is not there, 503': { by: answer(503, '<html>down</html>', { 'content-type': 'text/html' }) },
  'has a proxy whose system is gone, 502': { by: answer(502, '') },
  'breaks the connection': { by: 'reset', codes: ['Unreachable'] },
  'does not answer': { by: 'hang', codes: ['TimedOut'] },
  'refuses the sign-in, 401': { by: answer(401, '{}'), codes: ['Unauthorized'] },
};

/** Answers that are no answer to what was asked. */
export const odd: Record<string, Disturbance> = {
  'a page of HTML': answer(200, '<html>Welcome</html>', { 'content-type': 'text/html' }),
  'nothing at all': answer(200, ''),
  'a list': answer(200, '[]'),
  'an object of another form': answer(200, '{"what":"ever"}'),
  'half of an answer': answer(200, '{"content":[{'),
};

/** What `work` throws. @throws AssertionError where it throws nothing */
export async function thrown(work: () => Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    return error;
  }
  return assert.fail(`It gave ${JSON.stringify(result)} in place of an error`);
}

/** An error is a system's, with a code and a remedy, and holds no secret. */
export function assertFailure(
  error: unknown,
  { codes, retryAfter }: { codes?: string[]; retryAfter?: number },
  secrets: readonly string[],
): void {
  assert.ok(error instanceof SystemFailure, `It is no failure of the system: ${String(error)}`);
  if (codes) assert.ok(codes.includes(error.code), `Its code is ${error.code}, not ${codes.join(' or ')}`);
  if (retryAfter !== undefined) assert.equal(error.retryAfter, retryAfter);
  assert.ok(error.remedy.length > 0, 'It has no remedy');
  assertClean(error, secrets);
}

/** No secret stands in an error, nor in what caused it. */
export function assertClean(error: unknown, secrets: readonly string[]): void {
  for (let each = error; each instanceof Error; each = each.cause)
    for (const secret of secrets)
      assert.ok(!`${each.message} ${JSON.stringify(each)}`.includes(secret), 'An error holds a secret, or what a record says of a person');
}

/**
 * Cancelled in the middle of an answer, reading ends within a second, and nothing is asked after
 * it.
 */
export async function assertCancelled(
  { front, context }: Reached,
  read: (c: ReturnType<Reached['context']>) => Promise<unknown>,
): Promise<void> {
  const cancel = new AbortController();
  front.disturb = () => 'hang';
  const before = front.requests.length;
  const ended = thrown(() => read(context(cancel.signal)));
  await until(() => front.requests.length > before);
  const begin = performance.now();
  cancel.abort();
  const error = await ended;
  assert.ok(error instanceof Cancelled, `Cancelled, it throws ${String(error)}`);
  assert.ok(performance.now() - begin < 1_000, 'It ends more than a second after it was cancelled');
  const after = front.requests.length;
  front.disturb = undefined;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(front.requests.length, after, 'It asks on after it was cancelled');
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'It asks the system nothing');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
