import type { Context, Instant } from '../connectors/connector.js';
import { getOwn } from '../model/keyed.js';
import type { ActiveProcess } from './active-process.js';

/** How far, and how much at once, the systems of a process are read by a look at all of it. */
export interface Reading {
  /** One for all types of a source, as in a cycle. @throws SystemFailure */
  horizonOf(system: string): Promise<Instant>;
  pageSize(system: string): number;
}

/** That of a process, as its definition has it; each system is asked at most once. */
export function readingOf({ connectors, definition }: ActiveProcess, c: Context): Reading {
  const horizons = new Map<string, Promise<Instant>>();
  const ask = async (system: string): Promise<Instant> => {
    const connector = getOwn(connectors, system);
    if (!connector) throw new Error(`No system ${system}`);
    return (await connector.horizon(c)).until;
  };
  return {
    horizonOf: (system) => {
      const known = horizons.get(system) ?? ask(system);
      horizons.set(system, known);
      return known;
    },
    pageSize: (system) => getOwn(definition.systems, system)?.pageSize ?? 200,
  };
}
