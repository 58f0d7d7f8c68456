import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/**
 * The workflow code as one file, with the converter that no payload sent to a workflow can break.
 * That converter is for workflow code alone: what an activity is given, and what a client reads, is
 * decoded strictly.
 */
export async function bundleWorkflows(): Promise<string> {
  const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };
  const bundle = {
    workflowsPath: pathOf('../../workflows/index'),
    payloadConverterPath: pathOf('../../workflows/payload-converter'),
    // Schemas are made once for all workflows of a thread, not anew for each.
    preloadModules: ['starts', 'process-messages', 'turns'].map((name) => pathOf(`../model/${name}`)),
    logger: quiet,
  };
  return (await bundleWorkflowCode(bundle)).code;
}

/** Bundles the workflow code into a file, so that a worker starts fast and needs no compiler. */
export async function buildWorkflowBundle(target: string): Promise<void> {
  await writeFile(target, await bundleWorkflows());
}

/** A file of workflow code, by its place from here: compiled or not, as this file is. */
function pathOf(place: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`${place}.${extension}`, import.meta.url));
}
