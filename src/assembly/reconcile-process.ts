import type { Context } from '../connectors/connector.js';
import type { ReconcileRequest, Reconciliation } from '../sync/reconcile/reconciliation.js';
import { reconcileTypes } from '../sync/reconcile/reconcile-types.js';
import type { ActiveProcess } from './active-process.js';
import { readingOf } from './reading-of.js';

/** How both systems of a process stand against each other; nothing is written. @throws Cancelled */
export async function reconcileProcess(
  active: ActiveProcess,
  request: ReconcileRequest,
  showValues: boolean,
  c: Context,
): Promise<Reconciliation> {
  return { types: await reconcileTypes(active.parts, { ...request, ...readingOf(active, c), showValues }, c) };
}
