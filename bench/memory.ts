import type { Measurement } from './figure.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './support/flat.js';
import { memoryOf } from './support/memory-of.js';
import { startStub } from './support/stub.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

const FEW = 20_000;
const MANY = 100_000;

/** The most memory a worker process has resident while it carries a first load. */
export const memory: Measurement = {
  name: 'memory',
  measure: async (log) => {
    const few = await peak(FEW, log);
    const many = await peak(MANY, log);
    const detail = `${round(few)} MB with ${FEW} records, ${round(many)} MB with ${MANY}`;
    return [
      { what: 'resident memory of a worker', value: Math.max(few, many), bound: { atMost: 400 }, unit: 'MB', detail },
      { what: `resident memory with ${MANY} records, against ${FEW}`, value: many / few, bound: { atMost: 1.15 }, detail },
    ];
  },
};

async function peak(records: number, log: (line: string) => void): Promise<number> {
  const [avni, fhir] = [await startStub('avni', records, 20), await startStub('fhir', 5)];
  try {
    const definition = flatDefinition({ bundle: 100, page: 200 });
    return await withWorld({ definition, process: FLAT_PROCESS, env: flatEnv(avni.url, fhir.url) }, async (world) => {
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, memoryOf(world.worker.pid))), 250);
      const begin = performance.now();
      try {
        await world.start();
        const { types } = await world.caughtUp(900);
        const read = types['Person']?.total?.read;
        if (read !== records) throw new Error(`it read ${read ?? 0} records, not ${records}`);
      } finally {
        clearInterval(watch);
      }
      const perSecond = records / ((performance.now() - begin) / 1000);
      most = Math.max(most, memoryOf(world.worker.pid));
      log(`${records} records: ${round(most)} MB at most, ${round(perSecond)} records a second through a worker and its workflows`);
      return most;
    });
  } finally {
    await avni.stop();
    await fhir.stop();
  }
}
