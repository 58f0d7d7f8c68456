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

/**
 * Seconds of each, one after the other in a round, so that a machine that is busy for a while is
 * busy for all of them; `…Again`: the second pass.
 */
type Times = Record<'loop' | 'single' | 'singleAgain' | 'bundles' | 'bundlesAgain', number>;

/**
 * Records a second through the pipeline against a loop written by hand, and again over what is
 * unchanged, in the same process, as a worker does it.
 */
export const throughput: Measurement = {
  name: 'throughput',
  measure: async (log) => {
    const [avni, fhir] = [await startStub('avni', RECORDS, 20), await startStub('fhir', 5)];
    const rounds: Times[] = [];
    const afresh: number[] = [];
    let writesAgain = 0;
    let throughWorker = 0;
    const said = (what: string, { seconds, cpuSeconds }: Taken): number => {
      log(`${what}: ${round(RECORDS / seconds)} records a second, ${round((cpuSeconds / RECORDS) * 1e6)} µs of processor time each`);
      return seconds;
    };
    const allIsThere = async (what: string, writesExpected: number): Promise<void> => {
      const { writes = 0, resources } = await fhir.ask('counts');
      if (resources !== RECORDS) throw new Error(`${what} left ${resources} resources in the destination, not ${RECORDS}`);
      writesAgain += writes - writesExpected;
    };
    const twice = async (what: string, bundle: number): Promise<[first: number, again: number]> => {
      await fhir.ask('empty');
      const [first, again] = await runScript<[Taken, Taken]>('pipeline', avni.url, fhir.url, bundle, PAGE, 2);
      await allIsThere(what, RECORDS);
      return [said(what, first), said(`${what}, second pass`, again)];
    };
    try {
      for (let each = 0; each < ROUNDS; each += 1) {
        await fhir.ask('empty');
        const loop = said('loop', await runScript<Taken>('loop', avni.url, fhir.url, PAGE));
        const [single, singleAgain] = await twice('single', 1);
        const [bundles, bundlesAgain] = await twice('bundles', BUNDLE);
        rounds.push({ loop, single, singleAgain, bundles, bundlesAgain });
        await fhir.ask('reset');
        const [fresh] = await runScript<[Taken]>('pipeline', avni.url, fhir.url, BUNDLE, PAGE);
        afresh.push(bundles / said('bundles, second pass in a new process', fresh));
        await allIsThere('bundles', 0);
      }
      await fhir.ask('empty');
      throughWorker = await workerSeconds(avni.url, fhir.url);
      log(`through a worker: ${round(RECORDS / throughWorker)} records a second`);
    } finally {
      await avni.stop();
      await fhir.stop();
    }
    return figuresOf(rounds, afresh, writesAgain, throughWorker);
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

function figuresOf(rounds: Times[], afresh: number[], writesAgain: number, throughWorker: number): Figure[] {
  const ratio = (what: string, run: keyof Times, to: keyof Times, atLeast: number): Figure => {
    const ratios = rounds.map((times) => times[to] / times[run]);
    const detail = `median of ${ratios.map(round).join(', ')}; ${run} ${round(RECORDS / median(rounds.map((times) => times[run])))} records a second`;
    return { what, value: median(ratios), bound: { atLeast }, detail };
  };
  const again = ratio('second pass in bundles, against its first', 'bundlesAgain', 'bundles', 1.2);
  const inBundles = { ...again, detail: `${again.detail}; in a process that just began: ${round(median(afresh))}` };
  return [
    ratio('first load one by one, against the loop', 'single', 'loop', 0.8),
    ratio('first load in bundles, against the loop', 'bundles', 'loop', 4.5),
    {
      what: 'the same through a worker and its workflows',
      value: median(rounds.map(({ loop }) => loop)) / throughWorker,
      // With starting, planning and what Temporal's SDK costs on top: docs/performance.md.
      bound: { atLeast: 3.8 },
      detail: `${round(RECORDS / throughWorker)} records a second`,
    },
    ratio('second pass one by one, against its first', 'singleAgain', 'single', 3),
    inBundles,
    {
      what: 'writes in second passes over unchanged records',
      value: writesAgain,
      bound: { atMost: 0 },
      unit: 'writes',
      detail: `${3 * rounds.length} passes of ${RECORDS} records`,
    },
  ];
}
