import type { Context } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import { unreadableErrored } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';
import type { Retried, RetryWork } from './retry-work.js';
import { unreadableAt } from './unreadable-at.js';

/**
 * Looks again at places whose record could not be read. Where none that is unreadable stands any
 * more the row is gone: once mended in its source, the record has a new stamp, and comes by itself.
 */
export async function retryPlaces(
  ids: string[],
  parts: EntityTypeParts,
  { rows, budget, onOutcome }: RetryWork,
  c: Context,
): Promise<Map<string, Retried>> {
  const result = new Map<string, Retried>();
  const stamps = new Map<Instant, string[]>();
  for (const id of ids) {
    const stamp = stampOfPlace(id) ?? '';
    stamps.set(stamp, [...(stamps.get(stamp) ?? []), id]);
  }
  for (const [stamp, places] of stamps) {
    const unreadable = await unreadableAt(stamp, parts, c);
    const there = new Map([...unreadable].map(([id, record]) => [id, unreadableErrored(record, parts)]));
    const recordable = new Set(budget.recordable([...there.values()]));
    for (const id of places) {
      const failure = there.get(id);
      if (failure && !recordable.has(failure)) continue;
      result.set(id, failure ? 'failing' : 'gone');
      if (failure) await rows.failedAgain(failure);
      else await rows.settled({ entityType: parts.definition.name, id }, { gone: true });
      const error = unreadable.get(id)?.error;
      if (error) onOutcome?.(id, { result: 'errored', error });
    }
    // Others may have moved into other places.
    await rows.record(
      [...there].flatMap(([id, failure]) => (places.includes(id) || !recordable.has(failure) ? [] : [failure])),
      c,
    );
  }
  return result;
}
