import { median, type Figure, type Measurement } from './figure.js';
import { beginPass, openIs, passSeconds, withOpenRows } from './support/rows.js';
import { runScript } from './support/run-script.js';
import type { Taken } from './support/stopwatch.js';
import { until } from './support/until.js';
import { round } from './table.js';

const DUE = 1_000;
const DUE_ROWS = { records: DUE * 4, every: 4 };
const ROUNDS = 3;

/** A pass of the error process over records that succeed now, against a loop written by hand. */
export const retrying: Measurement = {
  name: 'retrying',
  measure: async (log) => {
    const [engines, loops]: [number[], number[]] = [[], []];
    for (let each = 0; each < ROUNDS; each += 1) {
      const [engine, loop] = [await byEngine(), await byLoop()];
      engines.push(engine);
      loops.push(loop);
      log(`the engine heals ${round(engine)} records a second, the loop ${round(loop)}`);
    }
    const ratios = engines.map((engine, each) => engine / (loops[each] ?? NaN));
    const detail = `${DUE} due records, none left open; median of ${engines.map(round).join(', ')}; loop ${loops.map(round).join(', ')}`;
    return [
      { what: 'records healed a second in a pass', value: median(engines), bound: { atLeast: 50 }, unit: 'a second', detail },
      { what: 'a pass over due records, against the loop', value: median(ratios), bound: { atLeast: 0.5 }, detail },
    ];
  },
};

/** Records healed a second. */
function byEngine(): Promise<number> {
  return withOpenRows(DUE_ROWS, async (world) => {
    await beginPass(world);
    await openIs(world.client, 0);
    return DUE / (await passSeconds(world));
  });
}

/** Records healed a second. */
function byLoop(): Promise<number> {
  return withOpenRows(DUE_ROWS, async ({ client, avni, fhir, address }) => {
    const { seconds, rows } = await runScript<Taken & { rows: number }>('retry-loop', avni.url, fhir.url, address);
    await openIs(client, 0);
    return rows / seconds;
  });
}

const MANY = 5_000;
/** Records that may be in hand at once, and as many behind what a heartbeat told. */
const BATCH = 200;
/** Milliseconds, short: a lost worker is noticed at once. */
const SHORT = { SANGAM_HEARTBEAT_TIMEOUT: '4000', SANGAM_RETRY_INTERVAL: '500' };

/** A worker killed in the middle of a pass over many rows. */
export const killed: Measurement = {
  name: 'killed',
  measure: (log): Promise<Figure[]> =>
    withOpenRows({ records: MANY * 2, every: 2, env: SHORT }, async (world) => {
      await beginPass(world);
      await until('a third is tried', async () => ((await world.avni.ask('counts'))['fetched'] ?? 0) > MANY / 3 || undefined, 300);
      await world.replaceWorker();
      await openIs(world.client, 0, 500);
      const { fetched = 0, moreThanTwice = 0 } = await world.avni.ask('counts');
      log(`${fetched} records tried, ${moreThanTwice} of them twice`);
      const detail = `${MANY} open rows, a worker killed after a third; no row is left open`;
      return [
        { what: 'records healed though a worker was killed', value: fetched, bound: { atLeast: MANY }, unit: 'records', detail },
        { what: 'records tried twice in that pass', value: moreThanTwice, bound: { atMost: BATCH }, unit: 'records', detail },
      ];
    }),
};
