import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import { MappingThreads } from '../../src/mapping/threads/mapping-threads.js';

/** A process of this definition, connected, with its mappings as a worker has them. */
export async function activeProcess(definition: string, process: string, env: Record<string, string>): Promise<ActiveProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-bench-'));
  try {
    await writeFile(join(folder, 'bench.yaml'), definition);
    const { mapping: makeMapping } = new MappingThreads();
    const found = await new IntegrationStore({ path: folder, connectorTypes, env, log: silent, makeMapping }).find(process);
    if ('missing' in found) throw new Error(found.message);
    return found.active;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
