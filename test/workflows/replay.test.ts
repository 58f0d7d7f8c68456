import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { recordProcesses } from '../support/record-processes.js';
import { recordRetries } from '../support/record-retries.js';
import { recordRows } from '../support/record-rows.js';
import { recordSick } from '../support/record-sick.js';

const folder = fileURLToPath(new URL('../histories', import.meta.url));
const changed = fileURLToPath(new URL('../support/changed-workflows/index.ts', import.meta.url));
const release = 'v1';

async function save(handle: WorkflowHandle, name: string): Promise<void> {
  writeFileSync(`${folder}/${release}-${name}.json`, `${historyToJSON(await handle.fetchHistory())}\n`);
}

/** Records all shapes anew, where `SANGAM_RECORD_HISTORIES=1` asks for it. */
async function record(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const each of [recordProcesses, recordRetries, recordSick, recordRows]) await each(save);
}

function histories(): { workflowId: string; history: unknown }[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => ({ workflowId: idOf(file), history: JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown }));
}

/**
 * The workflow id a history was recorded under: the first event's input has it, and the workflow
 * checks it.
 */
function idOf(file: string): string {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  const { events } = JSON.parse(text) as { events: { workflowExecutionStartedEventAttributes?: { workflowId?: string } }[] };
  return events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? file;
}

/**
 * Whether a workflow asked the server for anything: one that only took messages, such as a fresh
 * row, or was closed by a cancel, has nothing to be changed in.
 */
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
  if (process.env['SANGAM_RECORD_HISTORIES'] === '1') it('are recorded', record, 240_000);

  it('replay with today’s workflows', async () => {
    expect(histories().length).toBeGreaterThanOrEqual(25);
    expect(await failures({ workflowBundle: { codePath: process.env['SANGAM_TEST_BUNDLE'] ?? '' } })).toEqual([]);
  });

  it('do not replay with changed ones', async () => {
    const noticeable = histories().filter(({ history }) => asksForAnything(history));
    expect(noticeable.length).toBeGreaterThanOrEqual(22);
    expect((await failures({ workflowsPath: changed })).length).toBe(noticeable.length);
  });
});
