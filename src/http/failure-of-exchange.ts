import { AnswerTooLarge } from '../errors/answer-too-large.js';
import { Cancelled, SystemFailure, type SystemFailureDetails } from '../errors/system-failure.js';
import { ExchangeFailed } from './exchange-failed.js';
import type { HttpRequest } from './http.js';

const TLS = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

/** Why there is no whole answer, in words, with the status where it was read. */
export function failureOf(error: unknown, request: HttpRequest, limits: { timeout: number; maxBodyBytes: number }): Error {
  if (request.kind === 'read' && request.signal.aborted) return new Cancelled('Cancelled while reading');
  const failed = error instanceof ExchangeFailed ? error : new ExchangeFailed('failed', 'unknown');
  const { status } = failed;
  if (failed.why === 'tooLarge') return new AnswerTooLarge(placeOf(request), `${limits.maxBodyBytes} bytes`, status);
  return new SystemFailure({ ...wordsOf(failed, request, limits), ...(status !== undefined ? { status } : {}) });
}

function wordsOf(
  { why, code, status }: ExchangeFailed,
  request: HttpRequest,
  { timeout }: { timeout: number },
): Pick<SystemFailureDetails, 'code' | 'message' | 'remedy'> {
  const { url } = request;
  const { origin } = new URL(url);
  const place = placeOf(request);
  if (why === 'timedOut')
    return {
      code: 'TimedOut',
      message: `${place} did not answer ${status === undefined ? '' : `to the end (${status}) `}within ${timeout} ms.`,
      remedy: 'See whether the system is overloaded or hangs; it is tried again by itself.',
    };
  // A server that speaks no TLS breaks the protocol.
  if (TLS.test(code) || (code === 'EPROTO' && url.startsWith('https:')))
    return {
      code: 'TlsFailed',
      message: `The certificate of ${origin} is not accepted (${code}).`,
      remedy: 'Renew the certificate, or give Node its authority by NODE_EXTRA_CA_CERTS.',
    };
  if (why === 'notUtf8')
    return {
      code: 'BadResponse',
      message: `The answer to ${place} is not in UTF-8 (${status}).`,
      remedy: 'Let the system, or the proxy before it, send JSON in UTF-8: read as such, some letters of it would be others.',
    };
  if (why === 'badProxy')
    return {
      code: 'Unreachable',
      message: `No connection for ${place}: the variable ${code}.`,
      remedy: 'Correct the variable in the worker’s environment, and restart the worker.',
    };
  if (why === 'cutShort')
    return {
      code: 'BadResponse',
      message: `The answer to ${place} was cut short (${status ?? 'no status'}, ${code}).`,
      remedy: 'See whether a proxy cuts answers off; it is tried again by itself.',
    };
  return {
    code: 'Unreachable',
    message: `No connection for ${place} (${code}).`,
    remedy:
      'See whether the system runs and the url is right, or the proxy that HTTP_PROXY or HTTPS_PROXY names; it is tried again by itself.',
  };
}

/** Method and host alone: a path or query may name a record. */
function placeOf({ method, url }: HttpRequest): string {
  return `${method} ${new URL(url).origin}`;
}
