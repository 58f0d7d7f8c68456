import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { planCycle } from '../../activities/plan-cycle.js';
import { errorsText } from '../../src/cli/errors-text.js';
import { readErrors } from '../../src/temporal/errors/read-errors.js';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { classified } from '../errored/support.js';
import { idle } from '../support/fake-activities.js';
import { dependenciesOf } from '../support/plan-dependencies.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const AT = '2026-01-01T00:00:00.000Z';
const NEVER = '2999-01-01T00:00:00.000Z';
const common = { from: { system: 'avni' }, to: { system: 'emr' }, cadence: { every: 3_600_000 }, dependsOn: {}, parents: {} };

describe('rows of an entity type that left the definition', () => {
  it('are told of by the process and at the terminal, with the command that closes just them', async () => {
    let client: Client | undefined;
    let id = '';
    const types = [
      { ...common, name: 'A', formerly: [] },
      { ...common, name: 'New', formerly: ['Old'] },
    ];
    const activities = {
      ...idle,
      planCycle: async (input: Parameters<typeof planCycle>[0]) => {
        // Nothing is asked of a source here: this process only reads its list.
        const answer = await planCycle(
          { ...input, rests: { A: NEVER, New: NEVER } },
          dependenciesOf(client as Client, { id, entityTypes: types }),
        );
        return answer.kind === 'plan'
          ? { kind: 'plan' as const, plan: { ...answer.plan, errors: { due: false, nextDue: NEVER } } }
          : answer;
      },
    };
    await withProcess(activities, async (harness) => {
      const { process, taskQueue, start, reaches } = harness;
      ({ client } = harness);
      id = process;
      const failure = { version: 'v1', stamp: AT, digest: 'd1', error: classified, at: AT, attempt: 1 };
      for (const [entityType, record] of [
        ['A', '1'],
        ['Old', '2'],
        ['Old', '3'],
      ] as const)
        await sendToRow({ client, taskQueue }, { process, entityType, id: record }, { kind: 'failed', ...failure });
      const children = [{ entityType: 'A', id: '4', version: 'v1' }];
      await sendToRow({ client, taskQueue }, { process, entityType: 'Old', id: '3' }, { kind: 'waiting', at: AT, children });
      await until(
        'all are listed',
        async () => (await listRows(harness.client, process)).reduce((sum, { waiting }) => sum + waiting, 10) === 11,
      );
      await start();
      const {
        notes,
        errors: { leftOver },
      } = await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(leftOver).toEqual([{ entityType: 'Old', count: 2, waiting: 1, now: 'New', close: expect.any(String) }]);
      const close = leftOver?.[0]?.close ?? '';
      const note = notes.find((each) => each.includes('nothing tries them')) ?? '';
      expect(note).toMatch(/^Old: 2 errored records are open of an entity type that the definition does not have; .* called New now/);
      expect(note).toContain(`Whoever took the type out closes them: ${close}`);
      const text = errorsText(await readErrors(client, process, { address: '127.0.0.1:7233', namespace: 'default' }));
      expect(text).toContain(close);
      expect(text).toMatch(/A, CodeMissing: 1[^]*Retry: [^]*Old, CodeMissing: 2[^]*not tried/);
      expect(text.slice(text.indexOf('Old, '))).not.toContain('Retry:');

      const { path } = await findTemporal({ env: globalThis.process.env, log: () => undefined });
      const env = { ...globalThis.process.env, TEMPORAL_ADDRESS: globalThis.process.env['SANGAM_TEST_TEMPORAL'] ?? '' };
      await promisify(execFile)('bash', ['-c', close.replace(/^temporal/, path)], { env });
      await until('just they are closed', async () => {
        const left = await listRows(harness.client, process);
        return left.length === 1 && left[0]?.entityType === 'A';
      });
    });
  });
});
