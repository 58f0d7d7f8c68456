import { planProcess } from '../src/assembly/plan-process.js';
import { bytesOf } from '../src/model/clean.js';
import type { PlanRunInput, PlanRunResult } from '../workflows/contracts.js';
import type { ActivityDependencies } from './dependencies.js';
import { lookAt, MAX_BYTES } from './look-at.js';

/** What a run would do now, with values of records masked. Nothing is written. */
export function planRun(input: PlanRunInput, dependencies: ActivityDependencies): Promise<PlanRunResult> {
  const { v: _version, process: _process, ...request } = input;
  return lookAt(input, dependencies, async (active, c) => {
    const plan = await planProcess(active, request, false, c);
    return { plan: bytesOf(plan) > MAX_BYTES ? { ...plan, types: plan.types.map(withoutSamples) } : plan };
  });
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
