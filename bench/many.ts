import { once } from 'node:events';
import type { Measurement } from './figure.js';
import { startChild } from './support/child.js';
import { flatDefinition, flatEnv } from './support/flat.js';
import { memoryOf } from './support/memory-of.js';
import { isThrough, reaches, startAll } from './support/processes.js';
import { startStub } from './support/stub.js';
import { SANGAM, withWorld } from './support/world.js';

const PROCESSES = 200;

/** What very many processes cost, each with little to do. */
export const many: Measurement = {
  name: 'many',
  measure: async () => {
    const [avni, fhir] = [await startStub('avni', 50, 20), await startStub('fhir', 5)];
    const names = Array.from({ length: PROCESSES }, (_, place) => `many${place}`);
    const definition = names.map((integration) => flatDefinition({ bundle: 100, page: 200, integration }));
    try {
      return await withWorld({ definition, process: 'many0/flat', env: flatEnv(avni.url, fhir.url) }, async (world) => {
        await startAll(world.client, names);
        for (const name of names) await reaches(world.client, name, isThrough);
        const memory = memoryOf(world.worker.pid);
        const seconds = await secondsOfStatus(world.address);
        return [
          {
            what: `resident memory of a worker with ${PROCESSES} processes`,
            value: memory,
            bound: { atMost: 500 },
            unit: 'MB',
            detail: 'at most, over their first cycles',
          },
          {
            what: `npx sangam status of ${PROCESSES} processes`,
            value: seconds,
            bound: { atMost: 3 },
            unit: 's',
            detail: 'the start of the program included',
          },
        ];
      });
    } finally {
      await avni.stop();
      await fhir.stop();
    }
  },
};

async function secondsOfStatus(address: string): Promise<number> {
  const begin = performance.now();
  const { process: program } = startChild(process.execPath, [SANGAM, 'status'], { ...process.env, TEMPORAL_ADDRESS: address });
  await once(program, 'exit');
  return (performance.now() - begin) / 1000;
}
