import { ApplicationFailure } from '@temporalio/common';
import { bytesOf } from '../model/clean.js';

/**
 * Bytes of one value that is sent to Temporal: its own limit is 2 MiB, and what is around it counts
 * too.
 */
const MAX_PAYLOAD_BYTES = 1_500_000;

/**
 * Measures what is about to be sent: Temporal would refuse it, and it would be tried for ever.
 * @throws ApplicationFailure `TooLarge`, which is final.
 */
export function expectSendable(what: string, value: unknown): void {
  const bytes = bytesOf(value);
  if (bytes <= MAX_PAYLOAD_BYTES) return;
  const message = `${what} has ${bytes} bytes, more than the ${MAX_PAYLOAD_BYTES} that are sent to Temporal.`;
  throw ApplicationFailure.nonRetryable(message, 'TooLarge');
}
