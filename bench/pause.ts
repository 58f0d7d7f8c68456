import type { Figure, Measurement } from './figure.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './support/flat.js';
import { startStub, type Stub } from './support/stub.js';
import { until } from './support/until.js';
import { withWorld, type World } from './support/world.js';
import { round } from './table.js';

const RECORDS = 100_000;
/** Milliseconds a write takes here: long enough to be seen. */
const WRITE = 250;
const TRIES = 3;

/** From the signal to the end of the last request, less the longest write. */
export const pause: Measurement = {
  name: 'pause',
  measure: async (log) => {
    const figures: Figure[] = [];
    for (const page of [50, 1000]) {
      const seconds = await pauses(page);
      log(`pages of ${page}: ${seconds.map(round).join(', ')} s`);
      figures.push({
        what: `from pause to no request in flight, pages of ${page}, less the longest write`,
        value: Math.max(...seconds),
        bound: { atMost: 2 },
        unit: 's',
        detail: `longest of ${seconds.map(round).join(', ')}`,
      });
    }
    return figures;
  },
};

async function pauses(page: number): Promise<number[]> {
  const [avni, fhir] = [await startStub('avni', RECORDS, 20), await startStub('fhir', WRITE)];
  try {
    const definition = flatDefinition({ bundle: 1, page });
    return await withWorld({ definition, process: FLAT_PROCESS, env: flatEnv(avni.url, fhir.url) }, async (world) => {
      await world.start();
      const seconds: number[] = [];
      for (let each = 0; each < TRIES; each += 1) seconds.push(await onePause(world, avni, fhir));
      return seconds;
    });
  } finally {
    await avni.stop();
    await fhir.stop();
  }
}

async function onePause(world: World, avni: Stub, fhir: Stub): Promise<number> {
  const handle = world.client.workflow.getHandle(world.process);
  await fhir.ask('reset');
  await until('records are being written', async () => ((await fhir.ask('counts'))['writes'] ?? 0) > 50 || undefined, 120);
  const begin = Date.now();
  await handle.signal('pause', { reason: 'bench' });
  await world.reaches('it is paused', ({ state }) => state === 'paused', 60);
  const [source, destination] = [await avni.ask('counts'), await fhir.ask('counts')];
  if ((source['inFlight'] ?? 1) + (destination['inFlight'] ?? 1) > 0) throw new Error('it says it is paused while requests are in flight');
  const last = Math.max(source['lastAt'] ?? 0, destination['lastAt'] ?? 0);
  await handle.signal('resume');
  return Math.max(0, last - begin - (destination['longestWrite'] ?? 0)) / 1000;
}
