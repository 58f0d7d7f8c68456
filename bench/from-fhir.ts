import type { Figure, Measurement } from './figure.js';
import { runScript } from './support/run-script.js';
import type { Taken } from './support/stopwatch.js';
import { startStub } from './support/stub.js';
import { round } from './table.js';

const RECORDS = 20_000;
/** Milliseconds of each answer of Avni. */
const LATENCY = 20;

/**
 * From FHIR to Avni: against a loop written by hand with the same requests, and again over what is
 * unchanged.
 */
export const fromFhir: Measurement = {
  name: 'from-fhir',
  measure: async (log) => {
    const fhir = await startStub('simulated-fhir', RECORDS);
    const avni = await startStub('simulated-avni', LATENCY);
    try {
      const [loopRead, loop] = await runScript<[Taken, Taken]>('loop-to-avni', fhir.url, avni.url);
      const [read, first, second] = await runScript<[Taken, Taken, Taken]>('to-avni', fhir.url, avni.url);
      const rate = ({ seconds }: Taken): string => `${round(RECORDS / seconds)} records a second`;
      for (const [what, each] of Object.entries({ loopRead, loop, read, first, second })) log(`${what}: ${rate(each)}`);
      const ratio = (what: string, taken: Taken, to: Taken, atLeast: number): Figure => ({
        ...{ what, value: to.seconds / taken.seconds, bound: { atLeast }, detail: `${rate(taken)}; the other ${rate(to)}` },
      });
      return [
        ratio('reading FHIR, to a loop that follows next links', read, loopRead, 0.9),
        ratio('FHIR to Avni, to a loop with the same requests', first, loop, 1),
        ratio('the same over what is unchanged, to the first pass', second, first, 3),
      ];
    } finally {
      await fhir.stop();
      await avni.stop();
    }
  },
};
