import { stopOf } from '../src/errors/stop-of.js';
import { SystemFailure } from '../src/errors/system-failure.js';
import { getOwn } from '../src/model/keyed.js';
import { trace } from '../src/sync/trace.js';
import type { TraceInput, TraceResult } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handBack } from './hand-back.js';
import { alive } from './heartbeat.js';
import { unknownType } from './unknown-type.js';
import { workContext } from './work-context.js';

/** The way of one record through its process, without a value of it. Nothing is written. */
export async function traceRecord(input: TraceInput, dependencies: ActivityDependencies): Promise<TraceResult> {
  const { process, entityType, id } = input;
  const found = await dependencies.integrations.find(process);
  handBack(found, {}, dependencies);
  if ('missing' in found) return { stopped: definitionChanged(found) };
  const { parts } = found.active;
  if (!getOwn(parts, entityType)) return { stopped: unknownType(entityType, Object.keys(parts)) };
  const c = workContext(dependencies);
  const work = async (): Promise<TraceResult> => ({ trace: await trace({ entityType, id }, parts, c) });
  return alive(
    () =>
      dependencies.slots.run(c, work).catch((error: unknown) => {
        if (error instanceof SystemFailure) return { stopped: stopOf(error, undefined) };
        throw error;
      }),
    c,
  );
}
