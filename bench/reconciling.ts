import type { Measurement } from './figure.js';
import { runScript } from './support/run-script.js';
import type { Taken } from './support/stopwatch.js';
import { startStub } from './support/stub.js';
import { round } from './table.js';

/** Records a side. */
const RECORDS = 200_000;
const PAGE = 200;
const BUNDLE = 100;

interface Run extends Taken {
  /** Megabytes. */
  resting: number;
  most: number;
  counts: { inStep?: number };
  stopped?: string;
}

/** What `sangam reconcile` holds while it compares both sides, beyond a process at rest. */
export const reconciling: Measurement = {
  name: 'reconcile',
  measure: async (log) => {
    const [avni, fhir] = [await startStub('avni', RECORDS, 5), await startStub('fhir', 1)];
    try {
      await runScript('pipeline', avni.url, fhir.url, BUNDLE, PAGE);
      const { resting, most, seconds, counts, stopped } = await runScript<Run>('reconcile', avni.url, fhir.url, PAGE);
      if (counts.inStep !== RECORDS) throw new Error(`${counts.inStep ?? 0} of ${RECORDS} are in step: ${stopped ?? 'it did not stop'}`);
      log(
        `${RECORDS} records a side: ${round(most)} MB at most, ${round(resting)} MB at rest, ${round(RECORDS / seconds)} records a second`,
      );
      const detail = `${round(most)} MB against ${round(resting)} MB at rest, ${RECORDS} records a side`;
      return [
        { what: 'memory of a reconciliation beyond a resting process', value: most - resting, bound: { atMost: 60 }, unit: 'MB', detail },
      ];
    } finally {
      await avni.stop();
      await fhir.stop();
    }
  },
};
