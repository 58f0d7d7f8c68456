import { expect, it } from '@jest/globals';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { withCli } from '../support/cli-world.js';
import { until } from '../support/until.js';

it('ends with status 1 while a clock is unsure, as its words say, and with 0 once it is not', async () => {
  await withCli('cli-unsure', generateOrganisation({ seed: 9, records: 30 }), async ({ sangam, process, client, avni, caughtUp }) => {
    avni.settings.dateAhead = 90_000;
    await caughtUp();
    for (const args of [[process], [process, '--json']]) {
      const { status, out } = await sangam('status', ...args);
      expect(status).toBe(1);
      expect(out).toContain('ClockUnsure');
      expect(out).not.toContain('is in step');
    }
    avni.settings.dateAhead = 0;
    await client.workflow.getHandle(process).signal('runNow');
    const { out } = await until('it is in step', async () => {
      const ran = await sangam('status', process);
      return ran.out.includes('is in step') && ran;
    });
    expect(out).toMatch(/^At Temporal \S+:\d+, namespace default:\n/);
    expect(await sangam('status', process)).toMatchObject({ status: 0, error: '' });
  });
}, 240_000);
