import { syncId } from '../workflows/ids.js';
import type { Figure, Measurement } from './figure.js';
import type { TYPES } from './support/both-ways.js';
import { BOTH_PROCESS, bothDefinition } from './support/both-ways.js';
import { startStub } from './support/stub.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

/** Of each direction. */
const RECORDS = 10_000;
/** Milliseconds of each answer of Avni. */
const LATENCY = 5;

type Name = keyof typeof TYPES;

/**
 * Two directions in one process, through a worker, against each of them alone: between the two
 * nothing is lost but what planning costs.
 */
export const bothWays: Measurement = {
  name: 'both-ways',
  measure: async (log) => {
    const there = await secondsThrough(['Person']);
    const back = await secondsThrough(['Result']);
    const both = await secondsThrough(['Person', 'Result']);
    const rate = (seconds: number, records = RECORDS): string => `${round(records / seconds)} records a second`;
    log(`avni to fhir: ${rate(there)}; fhir to avni: ${rate(back)}; both: ${rate(both, 2 * RECORDS)}`);
    const figure: Figure = {
      what: 'both directions in one process, to each alone',
      value: (there + back) / both,
      bound: { atLeast: 0.9 },
      detail: `${rate(there)}, then ${rate(back)}; together ${rate(both, 2 * RECORDS)}`,
    };
    return [figure];
  },
};

/** From where the first of these types begins to where the last has ended; over new systems. */
async function secondsThrough(types: readonly Name[]): Promise<number> {
  const [avni, fhir] = [await startStub('simulated-avni', LATENCY, RECORDS), await startStub('simulated-fhir', RECORDS)];
  try {
    const env = { BENCH_AVNI: avni.url, BENCH_FHIR: `${fhir.url}/fhir` };
    return await withWorld({ definition: bothDefinition(types), process: BOTH_PROCESS, env }, async (world) => {
      await world.start();
      const status = await world.caughtUp(300);
      for (const name of types) {
        const { created } = status.types[name]?.total ?? {};
        if (created !== RECORDS) throw new Error(`${name}: ${created ?? 0} were created, not ${RECORDS}`);
      }
      const ran = await Promise.all(types.map((name) => world.client.workflow.getHandle(syncId(world.process, name)).describe()));
      const began = Math.min(...ran.map(({ startTime }) => startTime.getTime()));
      return (Math.max(...ran.map(({ closeTime }) => closeTime?.getTime() ?? Infinity)) - began) / 1000;
    });
  } finally {
    await avni.stop();
    await fhir.stop();
  }
}
