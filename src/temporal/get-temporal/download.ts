import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { place, VERSION, type Way } from './way.js';

/** The SDK knows where its dev server comes from: it downloads it when it starts one. */
export const download: Way = async (target, { log }) => {
  log('Fetching the temporal program …');
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const folder = await mkdtemp(join(tmpdir(), 'sangam-temporal-'));
  try {
    const server = { executable: { type: 'cached-download' as const, downloadDir: folder, version: `v${VERSION}` } };
    await (await TestWorkflowEnvironment.createLocal({ server })).teardown();
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('nothing arrived');
    await place(join(folder, file), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
