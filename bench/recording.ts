import { listRows } from '../src/temporal/rows/list-rows.js';
import { syncId } from '../workflows/ids.js';
import { median, type Measurement } from './figure.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './support/flat.js';
import { secondsOf, syncHistoryOf } from './support/histories.js';
import { startStub } from './support/stub.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

const RECORDS = 20_000;
const ERRORS = 500;
const ROUNDS = 2;
const LISTINGS = 20;

/** What errors cost a first load one by one, through a worker and its workflows. */
export const recording: Measurement = {
  name: 'recording',
  measure: async (log) => {
    const costs: number[] = [];
    const looking: number[] = [];
    for (let each = 0; each < ROUNDS; each += 1) {
      const [without, errors] = [await load(0), await load(RECORDS / ERRORS)];
      costs.push(100 * (1 - without.seconds / errors.seconds));
      looking.push((100 * without.looking) / without.seconds);
      log(`${round(RECORDS / without.seconds)} records a second, ${round(RECORDS / errors.seconds)} with ${ERRORS} errors`);
    }
    return [
      {
        what: `throughput that ${ERRORS} errors in ${RECORDS} records cost`,
        value: median(costs),
        bound: { atMost: 25 },
        unit: '%',
        detail: `median of ${costs.map(round).join(', ')}; one by one, through a worker`,
      },
      {
        what: 'throughput that looking for open rows costs, with none open',
        value: median(looking),
        bound: { atMost: 2 },
        unit: '%',
        detail: 'one look for each activity of that load',
      },
    ];
  },
};

/**
 * Loads all, every so-manieth of them refused. @returns the seconds it took, and those that looking
 * for open rows took.
 */
async function load(refuseEvery: number): Promise<{ seconds: number; looking: number }> {
  const [avni, fhir] = [await startStub('avni', RECORDS, 20), await startStub('fhir', 5)];
  try {
    const definition = flatDefinition({ bundle: 1, page: 200 });
    return await withWorld({ definition, process: FLAT_PROCESS, env: flatEnv(avni.url, fhir.url) }, async ({ client, ...world }) => {
      await fhir.ask(`refuse-${refuseEvery}`);
      await world.start();
      const { types } = await world.caughtUp(300);
      const errored = types['Person']?.total?.errored ?? 0;
      if (errored !== (refuseEvery === 0 ? 0 : ERRORS)) throw new Error(`${errored} records were errored`);
      const sync = syncId(world.process, 'Person');
      const { activities } = await syncHistoryOf(client, sync);
      const begin = performance.now();
      if (refuseEvery === 0) for (let each = 0; each < LISTINGS; each += 1) await listRows(client, world.process);
      const looking = ((performance.now() - begin) / 1000 / LISTINGS) * activities;
      return { seconds: await secondsOf(client, sync), looking };
    });
  } finally {
    await avni.stop();
    await fhir.stop();
  }
}
