import type { Reconciliation } from '../sync/reconcile/reconciliation.js';
import { Told } from './io.js';

/** Extra records of a type from which they are held against what stands as it should. */
const MANY_EXTRA = 20;

/**
 * A source that lost its data makes everything extra: that is no reason to take it away elsewhere.
 *
 * @throws Told
 */
export function expectBelievable({ types }: Reconciliation): void {
  for (const { entityType, counts } of types) {
    const { extra = 0, inStep = 0, different = 0, doubled = 0 } = counts;
    if (extra < MANY_EXTRA || extra <= inStep + different + doubled) continue;
    throw new Told(
      `${entityType}: ${extra} records are extra, more than stand as they should. Nothing is repaired: see whether its source has all of its data. ` +
        'Where they are to go, have each removed with npx sangam sync; --entity-type repairs the other types.',
    );
  }
}
