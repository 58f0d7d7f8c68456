import type { Client } from '@temporalio/client';
import { listRows, rowsQuery } from '../../src/temporal/rows/list-rows.js';
import { errorsId } from '../../workflows/ids.js';
import { flatDefinition, flatEnv, FLAT_PROCESS } from './flat.js';
import { startStub, type Stub } from './stub.js';
import { until } from './until.js';
import { withWorld, type World } from './world.js';

export interface Refused extends World {
  avni: Stub;
  fhir: Stub;
}

/**
 * A process that has loaded so many records, of which the destination refused every so-manieth:
 * each of those has an open row, and would be taken now.
 */
export async function withOpenRows<T>(
  { records, every, env = {} }: { records: number; every: number; env?: Record<string, string> },
  work: (world: Refused) => Promise<T>,
): Promise<T> {
  const [avni, fhir] = [await startStub('avni', records, 20), await startStub('fhir', 5)];
  try {
    const definition = flatDefinition({
      bundle: 1,
      page: 200,
      errors: 'backOff: { first: 1 second, longest: 1 second }, stopAfter: { share: "100 %", open: 6000 }',
    });
    return await withWorld({ definition, process: FLAT_PROCESS, env: { ...flatEnv(avni.url, fhir.url), ...env } }, async (world) => {
      await fhir.ask(`refuse-${every}`);
      await world.start();
      await world.caughtUp(300);
      await openIs(world.client, records / every);
      await takenUp(world.client);
      await fhir.ask('refuse-0');
      await fhir.ask('reset');
      await avni.ask('reset');
      return work(Object.assign(world, { avni, fhir }));
    });
  } finally {
    await avni.stop();
    await fhir.stop();
  }
}

/** Waits until every row has begun, so that what follows is not slowed by what was left to do. */
async function takenUp(client: Client): Promise<void> {
  for (const { workflowId } of await listRows(client, FLAT_PROCESS)) {
    const row = client.workflow.getHandle(workflowId);
    // A query waits for the first task, behind those of all other rows, and gives up after some
    // seconds.
    await until('a row has begun', () => row.query('status').catch(() => undefined), 300);
  }
}

/** Waits until so many rows are open. */
export async function openIs(client: Client, wanted: number, seconds = 300): Promise<void> {
  // A count reads every open row: asked often, it would slow what is measured.
  await until(`${wanted} rows are open`, async () => (await countOpen(client)) === wanted || undefined, seconds, 1_000);
}

async function countOpen(client: Client): Promise<number> {
  return (await client.workflow.count(rowsQuery(FLAT_PROCESS))).count;
}

/** Begins a pass over what is due. */
export async function beginPass({ client, process }: World): Promise<void> {
  await client.workflow.getHandle(process).signal('runNow', { errors: true });
}

/** Seconds the last turn of retries took. */
export async function passSeconds({ client, process }: World): Promise<number> {
  return until(
    'the pass is over',
    async () => {
      const { startTime, closeTime } = await client.workflow.getHandle(errorsId(process)).describe();
      return closeTime && (closeTime.getTime() - startTime.getTime()) / 1000;
    },
    300,
  );
}
