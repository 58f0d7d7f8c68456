import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { noSheet } from '../../workflows/sheets.js';
import { idle, recording } from '../support/fake-activities.js';
import { synced, withProcess } from '../support/process-harness.js';
import { recordAccepted } from '../support/record-accepted.js';
import { recordErrors } from '../support/record-errors.js';
import { recordFirst } from '../support/record-first.js';
import { recordLost } from '../support/record-lost.js';
import { recordSick } from '../support/record-sick.js';
import { recordSteering } from '../support/record-steering.js';
import { until } from '../support/until.js';

const folder = fileURLToPath(new URL('../histories', import.meta.url));
const changed = fileURLToPath(new URL('../support/changed-workflows/index.ts', import.meta.url));
const release = 'v1';

async function save(handle: WorkflowHandle, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${release}-${name}.json`, `${historyToJSON(await handle.fetchHistory())}\n`);
}

/** Records the shapes of this release; run with SANGAM_RECORD_HISTORIES=main (or errors, first, steering, lost, sick, accepted, see `recordErrors` and its like) when a released shape changes, under a new name. */
async function record(): Promise<void> {
  await withProcess(idle, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('idle', (s) => s.types['A'] !== undefined);
    await first.signal('runNow');
    await reaches('the second cycle', (s) => s.cycle > 1 && s.state === 'idle');
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'idle-cycle');
    await first.signal('pause', { reason: 'r', by: 'b' });
    await reaches('paused', (s) => s.state === 'paused');
    await save(client.workflow.getHandle(process), 'paused');
  });
  let activities = 0;
  const busy = recording(async (input) => {
    activities += 1;
    if (input.entityType === 'A' && activities === 1)
      return { ...synced(input.until), bookmark: { v: 1, at: '2020-01-01T00:00:00.000Z' }, done: false };
    if (input.entityType === 'C')
      return {
        bookmark: null,
        sheet: noSheet,
        findings: {},
        done: false,
        stopped: { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system' },
      };
    return synced(input.until);
  });
  await withProcess(busy.activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('waiting', (s) => s.state === 'waiting' && s.cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'busy-cycle');
    await save(client.workflow.getHandle(`${process}/sync/A`), 'sync-of-two-activities');
  });
  let release: () => void = () => undefined;
  const held = recording(async (input) => {
    await new Promise<void>((resolve) => (release = resolve));
    return synced(input.until);
  });
  await withProcess(held.activities, async ({ start, reaches, client, process }) => {
    await start();
    await reaches('loading', (s) => s.state === 'running' && s.child !== undefined);
    await until('the activity runs', () => held.synced.length > 0);
    await save(client.workflow.getHandle(process), 'in-the-middle-of-a-load');
    release();
  });
}

function histories(): { workflowId: string; history: unknown }[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => ({ workflowId: idOf(file), history: JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown }));
}

/** The workflow id a history was recorded under: the first event's input has it, and the workflow checks it. */
function idOf(file: string): string {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  const { events } = JSON.parse(text) as { events: { workflowExecutionStartedEventAttributes?: { workflowId?: string } }[] };
  return events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? file;
}

/** Whether a workflow asked the server for anything: one that only took messages, such as a fresh row, or was closed by a cancel, has nothing to be changed in. */
function asksForAnything(history: unknown): boolean {
  const { events } = history as { events: { eventType: string }[] };
  return events.some(({ eventType }) => !/_WORKFLOW_(TASK_|EXECUTION_(STARTED|SIGNALED|CANCEL_REQUESTED|CANCELED))/.test(eventType));
}

async function failures(source: { workflowBundle: { codePath: string } } | { workflowsPath: string }): Promise<string[]> {
  const failed: string[] = [];
  for await (const { error, workflowId } of Worker.runReplayHistories(source, histories()))
    if (error) failed.push(`${workflowId}: ${error.message}`);
  return failed;
}

describe('recorded histories', () => {
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'main') it('are recorded', record, 120_000);
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'first') it('are recorded', () => recordFirst(save), 120_000);
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'lost') it('are recorded', () => recordLost(save), 120_000);
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'sick') it('are recorded', () => recordSick(save), 120_000);
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'accepted') it('are recorded', () => recordAccepted(save), 120_000);
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'errors') it('are recorded', () => recordErrors(save), 120_000);
  if (process.env['SANGAM_RECORD_HISTORIES'] === 'steering') it('are recorded', () => recordSteering(save), 120_000);

  it('replay with today’s workflows', async () => {
    expect(histories().length).toBeGreaterThanOrEqual(25);
    expect(await failures({ workflowBundle: { codePath: process.env['SANGAM_TEST_BUNDLE'] ?? '' } })).toEqual([]);
  });

  it('stay small: an idle cycle at most 20 events', () => {
    const { events } = JSON.parse(readFileSync(`${folder}/v1-idle-cycle.json`, 'utf8')) as { events: unknown[] };
    expect(events.length).toBeLessThanOrEqual(20);
  });

  it('do not replay with changed ones', async () => {
    const noticeable = histories().filter(({ history }) => asksForAnything(history));
    expect(noticeable.length).toBeGreaterThanOrEqual(22);
    expect((await failures({ workflowsPath: changed })).length).toBe(noticeable.length);
  });
});
