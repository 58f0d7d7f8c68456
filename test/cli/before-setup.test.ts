import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { until } from '../support/until.js';

const SANGAM = fileURLToPath(new URL('../../bin/sangam.js', import.meta.url));

/** Runs `sangam` in a namespace. */
function sangam(namespace: string, ...args: string[]): Promise<{ status: number; text: string }> {
  const env = { ...process.env, TEMPORAL_ADDRESS: process.env['SANGAM_TEST_TEMPORAL'] ?? '', TEMPORAL_NAMESPACE: namespace };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [SANGAM, ...args], { env, timeout: 60_000 }, (_error, out, error) =>
      resolve({ status: child.exitCode ?? -1, text: out + error }),
    );
  });
}

it('says that setup is to be run first, which says where it did', async () => {
  const connection = await Connection.connect({ address: process.env['SANGAM_TEST_TEMPORAL'] ?? '' });
  const namespace = `bare-${process.pid}`;
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
    const sync = (): ReturnType<typeof sangam> => sangam(namespace, 'sync', 'clinic/maternal-health', 'Beneficiary', 'b1');
    const { status, text } = await until('the namespace is known', async () => {
      const ran = await sync();
      return ran.text.includes('has not Sangam') && ran;
    });
    expect([status, text]).toEqual([1, expect.stringMatching(new RegExp(`namespace ${namespace} .*Run first: npx sangam setup`))]);
    expect((await sangam(namespace, 'setup')).text).toMatch(new RegExp(`^Registered at Temporal \\S+, namespace ${namespace}: `));
    const after = await until('the attributes are known', async () => {
      const ran = await sync();
      return !ran.text.includes('npx sangam setup') && ran;
    });
    const nothing = `No process runs at Temporal ${process.env['SANGAM_TEST_TEMPORAL']}, namespace ${namespace}.\n`;
    expect(await sangam(namespace, 'status')).toEqual({ status: 2, text: nothing });
    expect(await sangam(namespace, 'status', '--check')).toEqual({ status: 2, text: `UNKNOWN: ${nothing}` });
    expect(after.text).toContain('does not run, and only a process brings its records over. Start it:');
  } finally {
    await connection.close();
  }
}, 180_000);
