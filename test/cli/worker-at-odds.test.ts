import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ProcessStatus } from '../../workflows/status.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { clinicEnv } from '../support/clinic.js';
import { copyClinic } from '../support/clinic-folder.js';
import { withCli, type CliWorld } from '../support/cli-world.js';
import { until } from '../support/until.js';
import { WorkerProcess } from '../support/worker-process.js';

/** A worker on the same task queue, over another folder, until `work` ends. */
async function withAnother(
  world: CliWorld,
  edits: [string, string][],
  age: number,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await copyClinic(edits);
  const changed = new Date(Date.now() - age);
  await utimes(join(folder.path, 'clinic.yaml'), changed, changed);
  const { avni, fhir, taskQueue } = world;
  const worker = new WorkerProcess({ taskQueue, env: clinicEnv(avni.url, fhir.url), integrations: folder.path });
  try {
    await worker.start();
    await work(folder.path);
  } finally {
    await worker.end('SIGKILL');
    await folder.remove();
  }
}

it('never stops a process, nor takes its definition back, and is named by status', async () => {
  await withCli('cli-odds', generateOrganisation({ seed: 9, records: 30 }), async (world) => {
    const { process, client, sangam, caughtUp, avni } = world;
    const { digest } = await caughtUp();
    const handle = client.workflow.getHandle(process);
    const states = new Set<string>();
    const goesOn = async (folder: string): Promise<void> => {
      await until(
        'the worker is named',
        async () => {
          const [first] = avni.organisation.all();
          if (first) avni.organisation.change(first.id, {});
          await handle.signal('runNow');
          await until('it rests', () =>
            handle.query<ProcessStatus>('status').then(
              (status) => {
                states.add(`${status.state} ${status.digest === digest}`);
                return status.nextRun !== undefined;
              },
              () => false,
            ),
          );
          return (await sangam('status', process)).out.includes(`folder ${folder}`);
        },
        90_000,
      );
    };
    await withAnother(world, [['integration: clinic', 'integration: cli-others']], 0, goesOn);
    // An older definition of the very process.
    const older: [string, string][] = [
      ['integration: clinic', 'integration: cli-odds'],
      ['every: 1 minute', 'every: 2 minutes'],
    ];
    await withAnother(world, older, 3_600_000, goesOn);
    expect([...states].filter((each) => !/^(idle|running) true$/.test(each))).toEqual([]);
  });
}, 240_000);
