import { median, type Measurement } from './figure.js';
import { flatDefinition, flatEnv, type FlatOptions } from './support/flat.js';
import { failing, mute } from './support/odd-servers.js';
import { startStub } from './support/stub.js';
import { isThrough, reaches, startAll } from './support/processes.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

const ROUNDS = 3;
const HEALTHY = 16;
/** Of each healthy process. */
const RECORDS = 2_000;
/** Some 0.8 s of a mapping. */
const LONG = '$count([1..90000][$ % 7 = 3]) > 0';

/** A process beside the healthy ones, and the variable of the Avni it reads. */
type Sick = Pick<FlatOptions, 'avni' | 'active'>;

const HUNG: Sick = { avni: 'BENCH_HUNG' };
const FOUR: Sick[] = [HUNG, { avni: 'BENCH_SLOW' }, { avni: 'BENCH_FAILING' }, { active: LONG }];

/** What sick processes cost the healthy ones of their worker. */
export const fleet: Measurement = {
  name: 'fleet',
  measure: async (log) => {
    const [four, twenty]: [number[], number[]] = [[], []];
    for (let each = 0; each < ROUNDS; each += 1) {
      const alone = await healthy([]);
      const besideFour = await healthy(FOUR);
      const besideTwenty = await healthy(Array<Sick>(20).fill(HUNG));
      four.push(besideFour / alone);
      twenty.push(besideTwenty / alone);
      log(
        `sixteen processes: ${round(alone)} s alone, ${round(besideFour)} s beside four sick, ${round(besideTwenty)} s beside twenty hung`,
      );
    }
    return [
      {
        what: 'sixteen processes beside one that hangs, one slow to answer, one failing, one slow to map; against alone',
        value: median(four),
        bound: { atMost: 1.09 },
        detail: `median of ${four.map(round).join(', ')}`,
      },
      {
        what: 'sixteen processes beside twenty that hang, against alone',
        value: median(twenty),
        bound: { atMost: 1.2 },
        detail: `median of ${twenty.map(round).join(', ')}`,
      },
    ];
  },
};

/** Seconds that the healthy processes take over their first load. */
async function healthy(sick: Sick[]): Promise<number> {
  const [avni, fhir, slow, hung, broken] = await Promise.all([
    startStub('avni', RECORDS, 20),
    startStub('fhir', 5),
    startStub('avni', RECORDS, 5_000),
    mute(),
    failing(),
  ]);
  const env = { ...flatEnv(avni.url, fhir.url), BENCH_SLOW: slow.url, BENCH_HUNG: hung.url, BENCH_FAILING: broken.url };
  const well = Array.from({ length: HEALTHY }, (_, place) => `well${place}`);
  const ill = sick.map((_, place) => `ill${place}`);
  const definition = [
    ...well.map((integration) => flatDefinition({ bundle: 100, page: 200, integration })),
    ...sick.map((each, place) => flatDefinition({ bundle: 100, page: 200, integration: `ill${place}`, ...each })),
  ];
  try {
    return await withWorld({ definition, process: 'well0/flat', env }, async ({ client }) => {
      await startAll(client, ill);
      await Promise.all(ill.map((name) => reaches(client, name, ({ state }) => state !== 'idle')));
      const begin = performance.now();
      await startAll(client, well);
      await Promise.all(well.map((name) => reaches(client, name, isThrough)));
      return (performance.now() - begin) / 1000;
    });
  } finally {
    await Promise.all([avni, fhir, slow, hung, broken].map((each) => each.stop()));
  }
}
