import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Context } from '../src/connectors/connector.js';
import { stopOf } from '../src/errors/stop-of.js';
import { SystemFailure } from '../src/errors/system-failure.js';
import { getOwn } from '../src/model/keyed.js';
import type { Stop } from '../src/model/stop.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handBack } from './hand-back.js';
import { alive } from './heartbeat.js';
import { unknownType } from './unknown-type.js';
import { workContext } from './work-context.js';

/** Bytes that the answer of a look may have: it passes through a history. */
export const MAX_BYTES = 1_000_000;

/** What is looked at: a process, and some of its entity types, all of them where absent. */
interface Looked {
  process: string;
  entityTypes?: readonly string[] | undefined;
}

/**
 * Looks at a process without writing, in a slot, by a worker that has it. `stopped`: why there was
 * nothing to look at.
 */
export async function lookAt<T>(
  { process, entityTypes = [] }: Looked,
  dependencies: ActivityDependencies,
  work: (active: ActiveProcess, c: Context) => Promise<T>,
): Promise<T | { stopped: Stop }> {
  const found = await dependencies.integrations.find(process);
  handBack(found, {}, dependencies);
  if ('missing' in found) return { stopped: definitionChanged(found) };
  const { active } = found;
  const unknown = entityTypes.find((name) => !getOwn(active.parts, name));
  if (unknown !== undefined) return { stopped: unknownType(unknown, Object.keys(active.parts)) };
  const c = workContext(dependencies);
  return alive(() => dependencies.slots.run(c, () => work(active, c)), c);
}

/** The same of one type, where the failure of a system is an answer too. */
export function lookAtOne<T>(
  { process, entityType }: { process: string; entityType: string },
  dependencies: ActivityDependencies,
  work: (active: ActiveProcess, c: Context) => Promise<T>,
): Promise<T | { stopped: Stop }> {
  return lookAt({ process, entityTypes: [entityType] }, dependencies, (active, c) =>
    work(active, c).catch((error: unknown) => {
      if (error instanceof SystemFailure) return { stopped: stopOf(error, undefined) };
      throw error;
    }),
  );
}
