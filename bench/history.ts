import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registration } from '../src/simulators/fhir/hospital-desk.js';
import { syncId } from '../workflows/ids.js';
import type { Figure, Measurement } from './figure.js';
import { startChild } from './support/child.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './support/flat.js';
import { runsOf, syncHistoryOf, type Run } from './support/histories.js';
import { startStub } from './support/stub.js';
import { until } from './support/until.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

const INTEGRATIONS = fileURLToPath(new URL('../../integrations', import.meta.url));
const SANGAM = fileURLToPath(new URL('../../bin/sangam.js', import.meta.url));
const RECORDS = 400;

/** Events that a process’ workflows put into Temporal, all of them together. */
export const history: Measurement = {
  name: 'history',
  measure: async (log) => [...(await oneWay(log)), ...(await bothWays(log)), ...(await growth(log))],
};

/** A ready definition, its process, and its systems as they begin. */
interface Ready {
  file: string;
  process: string;
  prepare?: (fhir: string) => Promise<void>;
}

/**
 * The clinic definition over simulated systems: a first load of four types, then a run of cycles
 * without changes, each begun by its timer.
 */
async function oneWay(log: (line: string) => void): Promise<Figure[]> {
  const [busy, idle] = await cyclesOf({ file: 'clinic.yaml', process: 'clinic/maternal-health' }, 4);
  log(`four busy types: ${busy.events} events; ${told(idle)}`);
  return [
    ...figuresOf('an idle cycle', idle, { events: 9, kilobytes: 3 }),
    count('events of a cycle of four busy types', busy.events, 110, `${RECORDS} records; all workflows together`),
  ];
}

/** The hospital definition: six types in two directions, of which nothing changes. */
async function bothWays(log: (line: string) => void): Promise<Figure[]> {
  const prepare = async (fhir: string): Promise<void> => {
    const meta = { tag: [{ system: 'urn:hospital', code: 'registered-here' }], lastUpdated: '2026-01-01T00:00:00.000Z' };
    await fetch(`${fhir}/simulator/resources`, { method: 'POST', body: JSON.stringify([registration('MRN-1', 'Rao', { meta })]) });
  };
  const [, idle] = await cyclesOf({ file: 'hospital/hospital.yaml', process: 'hospital/care', prepare }, 4);
  log(`six types in two directions: ${told(idle)}`);
  return figuresOf('an idle cycle of six types in two directions', idle, { events: 10, kilobytes: 4 });
}

/** The run of the first load, in which so many types have something, and one of idle cycles. */
async function cyclesOf({ file, process: id, prepare }: Ready, types: number): Promise<[busy: Run, idle: Run]> {
  const simulate = (system: string): ReturnType<typeof startChild> =>
    startChild(process.execPath, [SANGAM, 'simulate', system, '--records', String(RECORDS)]);
  const systems = [simulate('avni'), simulate('fhir')];
  try {
    const urls = await Promise.all(systems.map(async (each) => (JSON.parse(await each.line('"url"')) as { url: string }).url));
    const [avni = '', fhir = ''] = urls;
    await prepare?.(fhir);
    const env = { AVNI_URL: avni, AVNI_USERNAME: 'bench', AVNI_PASSWORD: 'bench', FHIR_URL: `${fhir}/fhir`, FHIR_TOKEN: 'bench' };
    const definition = (await readFile(join(INTEGRATIONS, file), 'utf8')).replace('every: 1 minute', 'every: 1 second');
    return await withWorld({ definition, process: id, env }, async (world) => {
      await world.start();
      await world.caughtUp(120);
      return until('a run of idle cycles ended', async () => busyAndIdle(await runsOf(world.client, world.process), types), 240);
    });
  } finally {
    for (const each of systems) await each.end();
  }
}

function told({ timers, events, bytes }: Run): string {
  return `a run of ${timers} idle cycles: ${events} events, ${bytes} bytes`;
}

function figuresOf(what: string, { timers, events, bytes }: Run, atMost: { events: number; kilobytes: number }): Figure[] {
  const detail = `a run of ${timers}, its first plan and its end included`;
  return [
    count(`events of ${what}`, events / timers, atMost.events, detail),
    { what: `history of ${what}`, value: bytes / timers / 1000, bound: { atMost: atMost.kilobytes }, unit: 'KB', detail },
  ];
}

/** The run of the first load, and the first one of idle cycles, once that has ended. */
function busyAndIdle(runs: Run[], many: number): [busy: Run, idle: Run] | undefined {
  const busy = runs.find(({ types }) => types === many);
  const idle = runs.find(({ types, timers }) => types === 0 && timers >= 30);
  return busy && idle && [busy, idle];
}

/**
 * One type in many activities: what each of them adds. In production one takes a minute, here a
 * second.
 */
async function growth(log: (line: string) => void): Promise<Figure[]> {
  const [avni, fhir] = [await startStub('avni', 20_000, 20), await startStub('fhir', 5)];
  try {
    const definition = flatDefinition({ bundle: 1, page: 200 });
    const env = { ...flatEnv(avni.url, fhir.url), SANGAM_SOFT_LIMIT: '1000' };
    return await withWorld({ definition, process: FLAT_PROCESS, env }, async (world) => {
      await world.start();
      await world.caughtUp(300);
      const { activities, events, bytes } = await syncHistoryOf(world.client, syncId(world.process, 'Person'));
      if (activities < 5) throw new Error('the load was too short to tell');
      log(`${activities} activities: ${events} events, ${bytes} bytes`);
      const detail = `all of a load by its ${activities} activities; in production one takes a minute`;
      return [
        count('more events for each minute of syncing', events / activities, 12, detail),
        { what: 'more history for each minute of syncing', value: bytes / activities / 1000, bound: { atMost: 12 }, unit: 'KB', detail },
      ];
    });
  } finally {
    await avni.stop();
    await fhir.stop();
  }
}

function count(what: string, value: number, atMost: number, detail: string): Figure {
  return { what, value, bound: { atMost }, unit: 'events', detail: `${detail}; ${round(value)} events` };
}
