import { describe, expect, it } from '@jest/globals';
import { expectBelievable } from '../../src/cli/expect-believable.js';
import type { TypeReconciliation } from '../../src/sync/reconcile/reconciliation.js';

const type = (counts: TypeReconciliation['counts']): TypeReconciliation => ({
  entityType: 'Woman',
  ...{ read: 0, counts, byMonth: {}, byPlace: {}, elements: {}, samples: [], found: [], failures: [] },
});

describe('a repair', () => {
  it.each([{ extra: 20 }, { extra: 20, inStep: 19 }, { extra: 300, inStep: 100, different: 100, doubled: 99 }])(
    'of %j takes nothing away: its source may have lost its data',
    (counts) => {
      expect(() => expectBelievable({ types: [type({ inStep: 5 }), type(counts)] })).toThrow(/^Woman: \d+ records are extra/);
    },
  );

  it.each([{ extra: 19 }, { extra: 20, inStep: 20 }, { extra: 300, inStep: 100, different: 100, doubled: 100 }])(
    'of %j is begun',
    (counts) => {
      expect(() => expectBelievable({ types: [type(counts)] })).not.toThrow();
    },
  );
});
