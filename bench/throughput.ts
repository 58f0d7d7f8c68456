import { syncId } from '../workflows/ids.js';
import { median, type Figure, type Measurement } from './figure.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './support/flat.js';
import { secondsOf } from './support/histories.js';
import { runScript } from './support/run-script.js';
import type { Taken } from './support/stopwatch.js';
import { startStub } from './support/stub.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

const RECORDS = 20_000;
const PAGE = 200;
const BUNDLE = 100;
const ROUNDS = 3;

/** One after the other in each round, so that a machine that is busy for a while is busy for all of them. */
const RUNS = ['loop', 'single', 'singleAgain', 'bundles', 'bundlesAgain'] as const;

type Times = Record<(typeof RUNS)[number], number>;

/** Records a second through the pipeline against a loop written by hand, and again over what is unchanged. */
export const throughput: Measurement = {
  name: 'throughput',
  measure: async (log) => {
    const [avni, fhir] = [await startStub('avni', RECORDS, 20), await startStub('fhir', 5)];
    const rounds: Times[] = [];
    let writesAgain = 0;
    let throughWorker = 0;
    const timed = async (run: keyof Times): Promise<number> => {
      const again = run.endsWith('Again');
      await fhir.ask(again ? 'reset' : 'empty');
      const bundle = run.startsWith('single') ? 1 : BUNDLE;
      const { seconds, cpuSeconds } =
        run === 'loop'
          ? await runScript<Taken>('loop', avni.url, fhir.url, PAGE)
          : await runScript<Taken>('pipeline', avni.url, fhir.url, bundle, PAGE);
      const { writes = 0, resources } = await fhir.ask('counts');
      if (resources !== RECORDS) throw new Error(`${run} left ${resources} resources in the destination, not ${RECORDS}`);
      if (again) writesAgain += writes;
      log(`${run}: ${round(RECORDS / seconds)} records a second, ${round((cpuSeconds / RECORDS) * 1e6)} µs of processor time each`);
      return seconds;
    };
    try {
      for (let each = 0; each < ROUNDS; each += 1) {
        const times: Partial<Times> = {};
        for (const run of RUNS) times[run] = await timed(run);
        rounds.push(times as Times);
      }
      await fhir.ask('empty');
      throughWorker = await workerSeconds(avni.url, fhir.url);
      log(`through a worker: ${round(RECORDS / throughWorker)} records a second`);
    } finally {
      await avni.stop();
      await fhir.stop();
    }
    return figuresOf(rounds, writesAgain, throughWorker);
  },
};

/** A first load in bundles by a worker process and its workflows, on a dev server. */
async function workerSeconds(avni: string, fhir: string): Promise<number> {
  const definition = flatDefinition({ bundle: BUNDLE, page: PAGE });
  return withWorld({ definition, process: FLAT_PROCESS, env: flatEnv(avni, fhir) }, async (world) => {
    await world.start();
    await world.caughtUp(300);
    return secondsOf(world.client, syncId(world.process, 'Person'));
  });
}

function figuresOf(rounds: Times[], writesAgain: number, throughWorker: number): Figure[] {
  const ratio = (what: string, run: keyof Times, to: keyof Times, atLeast: number): Figure => {
    const ratios = rounds.map((times) => times[to] / times[run]);
    const detail = `median of ${ratios.map(round).join(', ')}; ${run} ${round(RECORDS / median(rounds.map((times) => times[run])))} records a second`;
    return { what, value: median(ratios), bound: { atLeast }, detail };
  };
  return [
    ratio('first load one by one, against the loop', 'single', 'loop', 0.9),
    ratio('first load in bundles, against the loop', 'bundles', 'loop', 2.5),
    {
      what: 'the same through a worker and its workflows',
      value: median(rounds.map(({ loop }) => loop)) / throughWorker,
      // With starting, planning and what Temporal's SDK costs on top: docs/performance.md.
      bound: { atLeast: 1.5 },
      detail: `${round(RECORDS / throughWorker)} records a second`,
    },
    ratio('second pass one by one, against its first', 'singleAgain', 'single', 3),
    ratio('second pass in bundles, against its first', 'bundlesAgain', 'bundles', 1.2),
    {
      what: 'writes in second passes over unchanged records',
      value: writesAgain,
      bound: { atMost: 0 },
      unit: 'writes',
      detail: `${2 * rounds.length} passes of ${RECORDS} records`,
    },
  ];
}
