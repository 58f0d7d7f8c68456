import { median, type Measurement } from './figure.js';
import { runScript } from './support/run-script.js';
import type { Taken } from './support/stopwatch.js';
import { startStub } from './support/stub.js';
import { round } from './table.js';

const RECORDS = 20_000;
const PAGE = 200;
const BUNDLE = 100;
const TURNS = 3;

/** What `sangam plan` costs: against a second pass over what is unchanged, in turns. */
export const planning: Measurement = {
  name: 'planning',
  measure: async (log) => {
    const [avni, fhir] = [await startStub('avni', RECORDS, 20), await startStub('fhir', 5)];
    try {
      await fhir.ask('empty');
      const turns = await runScript<{ second: Taken; plan: Taken }[]>('plan', avni.url, fhir.url, BUNDLE, PAGE, TURNS);
      for (const { second, plan } of turns)
        log(`second pass: ${round(RECORDS / second.seconds)} records a second; plan: ${round(RECORDS / plan.seconds)}`);
      const ratios = turns.map(({ second, plan }) => second.seconds / plan.seconds);
      const detail = `median of ${ratios.map(round).join(', ')}`;
      return [{ what: 'a plan over what is unchanged, against a second pass', value: median(ratios), bound: { atLeast: 0.8 }, detail }];
    } finally {
      await avni.stop();
      await fhir.stop();
    }
  },
};
