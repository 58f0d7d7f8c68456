import { reconcileProcess } from '../src/assembly/reconcile-process.js';
import { bytesOf } from '../src/model/clean.js';
import type { Reconciliation, TypeReconciliation } from '../src/sync/reconcile/reconciliation.js';
import type { ReconcileInput, ReconcileResult } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { lookAt, MAX_BYTES } from './look-at.js';

/** How both systems of a process stand, with values of persons masked. Nothing is written. */
export function reconcileRecords(input: ReconcileInput, dependencies: ActivityDependencies): Promise<ReconcileResult> {
  const { v: _version, process: _process, ...request } = input;
  return lookAt(input, dependencies, async (active, c) => ({ reconciliation: small(await reconcileProcess(active, request, false, c)) }));
}

/** Counts are what matters: examples go first, then every other record that is told of. */
function small(whole: Reconciliation): Reconciliation {
  let told = whole;
  if (bytesOf(told) > MAX_BYTES) told = { types: told.types.map((type) => ({ ...type, samples: [] })) };
  while (bytesOf(told) > MAX_BYTES && told.types.some(({ found }) => found.length > 0)) told = { types: told.types.map(halved) };
  return told;
}

function halved(type: TypeReconciliation): TypeReconciliation {
  return { ...type, found: type.found.slice(0, Math.floor(type.found.length / 2)), more: true };
}
