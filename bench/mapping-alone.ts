import { fileURLToPath } from 'node:url';
import { median, type Measurement } from './figure.js';
import { runScript } from './support/run-script.js';
import type { Taken } from './support/stopwatch.js';
import { round } from './table.js';

const READY = fileURLToPath(new URL('../../integrations/maternal', import.meta.url));
/** The largest of the ready definitions: some eight resources of each record. */
const LARGEST = ['maternal/care', 'AntenatalVisit'] as const;
const SECONDS = 5;
const TURNS = 5;

interface Mapped extends Taken {
  mapped: number;
  resources: number;
}

/** What mapping costs by itself, on one core. */
export const mappingAlone: Measurement = {
  name: 'mapping',
  measure: async (log) => {
    const { mapped, resources, cpuSeconds } = await runScript<Mapped>('map', READY, ...LARGEST, `${READY}/organisation`, SECONDS);
    log(
      `${LARGEST.join(' ')}: ${round(mapped / cpuSeconds)} records a second of processor time, ${round(resources / mapped)} resources each`,
    );
    const turns = await runScript<{ fixed: number; named: number; each: number }[]>('each', TURNS);
    const ratios = turns.map(({ fixed, named, each }) => (each - fixed) / (named - fixed));
    for (const { fixed, named, each } of turns)
      log(`fixed ${round(fixed)} µs, ten named ${round(named)} µs, each of ten ${round(each)} µs`);
    return [
      {
        what: 'the largest ready mapping alone, on one core',
        value: mapped / cpuSeconds,
        bound: { atLeast: 5_000 },
        unit: 'records/s',
        detail: `${mapped} records, ${resources} resources, in ${round(cpuSeconds)} s of processor time`,
      },
      {
        what: 'each: over ten items, against ten named resources, less what is fixed',
        value: median(ratios),
        bound: { atMost: 2 },
        detail: `median of ${ratios.map(round).join(', ')}`,
      },
    ];
  },
};
