import type { Arriving, Context, Destination, LookedAhead, UnavailableCause, WriteOutcome, WriteRequest } from '../connectors/connector.js';
import { SystemFailure, type SystemFailureCode } from '../errors/system-failure.js';
import { Unbalanced } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
/**
 * Writes, and writes again what may or may not have arrived: an upsert does no harm.
 *
 * @throws SystemFailure where the system did not take all of it; what it took is found unchanged
 * next time.
 */
export async function writeAll(
  { destination, definition }: Pick<EntityTypeParts, 'destination' | 'definition'>,
  requests: WriteRequest[],
  c: Context,
  arriving?: Arriving,
  ahead?: LookedAhead,
): Promise<WriteOutcome[]> {
  if (requests.length === 0) return [];
  const outcomes = await write(destination, requests, c, arriving, ahead);
  const unknown = requests.flatMap((_request, index) => (outcomes[index]?.kind === 'unknown' ? [index] : []));
  if (unknown.length > 0) {
    const again = await write(
      destination,
      unknown.flatMap((index) => requests[index] ?? []),
      c,
      arriving,
    );
    unknown.forEach((index, place) => {
      const outcome = again[place];
      if (outcome) outcomes[index] = outcome;
    });
  }
  for (const outcome of outcomes)
    if (outcome.kind === 'unavailable' || outcome.kind === 'unknown') throw failureOf(outcome, definition.to.system);
  return outcomes;
}

async function write(
  destination: Destination,
  requests: WriteRequest[],
  c: Context,
  arriving: Arriving | undefined,
  ahead?: LookedAhead,
): Promise<WriteOutcome[]> {
  const outcomes = await destination.write(requests, c, arriving, ahead);
  if (outcomes.length !== requests.length)
    throw new Unbalanced(`The destination answered ${outcomes.length} outcomes for ${requests.length} requests`);
  return [...outcomes];
}

/**
 * It comes as an outcome, so that only here it can be told of which system it is: the types that
 * need that one are to leave it alone too.
 */
function failureOf(outcome: { kind: string; retryAfter?: number; failure?: UnavailableCause }, system: string): SystemFailure {
  const { failure, retryAfter } = outcome;
  const failed = new SystemFailure({
    code: (failure?.code as SystemFailureCode | undefined) ?? (outcome.kind === 'unknown' ? 'TimedOut' : 'Unavailable'),
    message: failure?.message ?? 'The destination does not take records now.',
    remedy: failure?.remedy ?? 'See whether the system is up; it is tried again by itself.',
    ...(failure?.status !== undefined ? { status: failure.status } : {}),
    ...(retryAfter !== undefined ? { retryAfter } : {}),
  });
  failed.system = system;
  return failed;
}
