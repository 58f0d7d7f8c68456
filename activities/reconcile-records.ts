import { reconcileProcess } from '../src/assembly/reconcile-process.js';
import { bytesOf } from '../src/model/clean.js';
import { getOwn } from '../src/model/keyed.js';
import type { Reconciliation, TypeReconciliation } from '../src/sync/reconcile/reconciliation.js';
import type { ReconcileInput, ReconcileResult } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handBack } from './hand-back.js';
import { alive } from './heartbeat.js';
import { unknownType } from './unknown-type.js';
import { workContext } from './work-context.js';

/** Bytes that may pass through a history. */
const MAX_BYTES = 1_000_000;

/** How both systems of a process stand, with values of persons masked. Nothing is written. */
export async function reconcileRecords(input: ReconcileInput, dependencies: ActivityDependencies): Promise<ReconcileResult> {
  const { process, v: _version, ...request } = input;
  const found = await dependencies.integrations.find(process);
  handBack(found, {}, dependencies);
  if ('missing' in found) return { stopped: definitionChanged(found) };
  const { active } = found;
  const unknown = request.entityTypes?.find((name) => !getOwn(active.parts, name));
  if (unknown !== undefined) return { stopped: unknownType(unknown, Object.keys(active.parts)) };
  const c = workContext(dependencies);
  const whole = await alive(() => dependencies.slots.run(c, () => reconcileProcess(active, request, false, c)), c);
  return { reconciliation: small(whole) };
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
