import type { SystemFailure } from '../errors/system-failure.js';
import { whoseFault, type NoAnswer, type Verdict } from '../errors/whose-fault.js';
import type { WriteOutcome } from './connector.js';

/** What a failure of the system makes of a write. */
export function withSystemFailure(
  kind: 'unknown' | 'unavailable',
  { code, message, remedy, status, retryAfter }: SystemFailure,
): WriteOutcome {
  const failure = { code, message, remedy, ...(status !== undefined ? { status } : {}) };
  return kind === 'unknown' ? { kind, failure } : { kind, failure, ...(retryAfter !== undefined ? { retryAfter } : {}) };
}

/** Of a write that is neither done nor its record's failure. */
export function withVerdict(verdict: Verdict | undefined, failure: SystemFailure): WriteOutcome {
  return withSystemFailure(verdict?.kind === 'unknown' ? 'unknown' : 'unavailable', failure);
}

/** Of a write that got no answer. */
export function withoutAnswer(failure: SystemFailure): WriteOutcome {
  const came = noAnswers.find((code) => code === failure.code);
  const verdict = came ? whoseFault({ place: 'write', came, tries: 1, probe: 'not asked' }) : undefined;
  return withVerdict(verdict, failure);
}

const noAnswers: readonly NoAnswer[] = ['Unreachable', 'TlsFailed', 'TimedOut', 'BadResponse'];
