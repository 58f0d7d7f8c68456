import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { syncId } from '../workflows/ids.js';
import type { Figure, Measurement } from './figure.js';
import { startChild } from './support/child.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './support/flat.js';
import { runsOf, syncHistoryOf, type Run } from './support/histories.js';
import { startStub } from './support/stub.js';
import { until } from './support/until.js';
import { withWorld } from './support/world.js';
import { round } from './table.js';

const CLINIC = fileURLToPath(new URL('../../integrations/clinic.yaml', import.meta.url));
const SANGAM = fileURLToPath(new URL('../../bin/sangam.js', import.meta.url));
const RECORDS = 400;

/** Events that a process’ workflows put into Temporal, all of them together. */
export const history: Measurement = {
  name: 'history',
  measure: async (log) => [...(await cycles(log)), ...(await growth(log))],
};

/**
 * The clinic definition over simulated systems: a first load of four types, then a run of cycles
 * without changes, each begun by its timer.
 */
async function cycles(log: (line: string) => void): Promise<Figure[]> {
  const simulate = (system: string): ReturnType<typeof startChild> =>
    startChild(process.execPath, [SANGAM, 'simulate', system, '--records', String(RECORDS)]);
  const systems = [simulate('avni'), simulate('fhir')];
  const urls = await Promise.all(systems.map(async (each) => (JSON.parse(await each.line('"url"')) as { url: string }).url));
  const env = {
    AVNI_URL: urls[0] ?? '',
    AVNI_USERNAME: 'bench',
    AVNI_PASSWORD: 'bench',
    FHIR_URL: `${urls[1] ?? ''}/fhir`,
    FHIR_TOKEN: 'bench',
  };
  try {
    const definition = (await readFile(CLINIC, 'utf8')).replace('every: 1 minute', 'every: 1 second');
    return await withWorld({ definition, process: 'clinic/maternal-health', env }, async (world) => {
      await world.start();
      await world.caughtUp(120);
      const [busy, idle] = await until(
        'a run of idle cycles ended',
        async () => busyAndIdle(await runsOf(world.client, world.process)),
        240,
      );
      log(`four busy types: ${busy.events} events; a run of ${idle.timers} idle cycles: ${idle.events} events, ${idle.bytes} bytes`);
      const detail = `a run of ${idle.timers}, its first plan and its end included`;
      return [
        count('events of an idle cycle', idle.events / idle.timers, 9, detail),
        { what: 'history of an idle cycle', value: idle.bytes / idle.timers / 1000, bound: { atMost: 3 }, unit: 'KB', detail },
        count('events of a cycle of four busy types', busy.events, 110, `${RECORDS} records; all workflows together`),
      ];
    });
  } finally {
    for (const each of systems) await each.end();
  }
}

/** The run of the first load, and the first one of idle cycles, once that has ended. */
function busyAndIdle(runs: Run[]): [busy: Run, idle: Run] | undefined {
  const busy = runs.find(({ types }) => types === 4);
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
