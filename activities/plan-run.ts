import { planProcess } from '../src/assembly/plan-process.js';
import { bytesOf } from '../src/model/clean.js';
import { getOwn } from '../src/model/keyed.js';
import type { PlanRunInput, PlanRunResult } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handBack } from './hand-back.js';
import { alive } from './heartbeat.js';
import { unknownType } from './unknown-type.js';
import { workContext } from './work-context.js';

/** Bytes that may pass through a history. */
const MAX_BYTES = 1_000_000;

/** What a run would do now, with values of records masked. Nothing is written. */
export async function planRun(input: PlanRunInput, dependencies: ActivityDependencies): Promise<PlanRunResult> {
  const { process, v: _version, ...request } = input;
  const found = await dependencies.integrations.find(process);
  handBack(found, {}, dependencies);
  if ('missing' in found) return { stopped: definitionChanged(found) };
  const { active } = found;
  const unknown = request.entityTypes?.find((name) => !getOwn(active.parts, name));
  if (unknown !== undefined) return { stopped: unknownType(unknown, Object.keys(active.parts)) };
  const c = workContext(dependencies);
  const plan = await alive(() => dependencies.slots.run(c, () => planProcess(active, request, false, c)), c);
  return { plan: bytesOf(plan) > MAX_BYTES ? { ...plan, types: plan.types.map(withoutSamples) } : plan };
}

type TypePlan = NonNullable<PlanRunResult['plan']>['types'][number];

/** The counts are what matters: examples are seen by a preview. */
function withoutSamples({ behind, next, ...rest }: TypePlan): TypePlan {
  return {
    ...rest,
    ...(behind ? { behind: { ...behind, samples: [] } } : {}),
    ...(next ? { next: { ...next, samples: [] } } : {}),
  };
}
