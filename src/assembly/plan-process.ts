import type { Context, Instant } from '../connectors/connector.js';
import { getOwn } from '../model/keyed.js';
import { planTypes, type PlanRequest, type ProcessPlan } from '../sync/plan-types.js';
import type { ActiveProcess } from './active-process.js';
import { planDigest } from './plan-digest.js';

/** So many records of each type are read, unless more are asked for. */
const LIMIT = 10_000;

/** What a run of a process would do now; nothing is written. @throws Cancelled */
export async function planProcess(
  active: ActiveProcess,
  { limit = LIMIT, ...request }: PlanRequest,
  showValues: boolean,
  c: Context,
): Promise<ProcessPlan> {
  const { connectors, definition, parts } = active;
  const horizons = new Map<string, Promise<Instant>>();
  // One for all types of a source, as in a cycle.
  const horizonOf = (system: string): Promise<Instant> => {
    const known = horizons.get(system) ?? askHorizon(system);
    horizons.set(system, known);
    return known;
  };
  const askHorizon = async (system: string): Promise<Instant> => {
    const connector = getOwn(connectors, system);
    if (!connector) throw new Error(`No system ${system}`);
    return (await connector.horizon(c)).until;
  };
  const pageSize = (system: string): number => getOwn(definition.systems, system)?.pageSize ?? 200;
  return { digest: planDigest(active), types: await planTypes(parts, { ...request, limit, pageSize, horizonOf, showValues }, c) };
}
