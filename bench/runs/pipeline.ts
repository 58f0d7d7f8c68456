// One pass of the engine's pipeline, as an activity runs it: `node pipeline.js <avni> <fhir> <bundle> <page>`.
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { flatProcess } from '../support/flat.js';
import { stopwatch } from '../support/stopwatch.js';

const [avni = '', fhir = '', bundle, page] = process.argv.slice(2);
const { parts } = await flatProcess({ avni, fhir, bundle: Number(bundle), page: Number(page) });
if (!parts['Person']) throw new Error('The definition has no Person');
const http = createHttp();
const taken = stopwatch();
const { sheet, done, stopped } = await syncChanges(
  parts['Person'],
  {
    after: null,
    until: '2026-01-01T00:00:00.000Z',
    limit: Number(page),
    shouldYield: () => false,
    onProgress: () => undefined,
    rows: new MemoryRows(),
  },
  { signal: new AbortController().signal, http, log: silent },
);
const result = { ...taken(), sheet };
http.close();
if (!done) throw new Error(`The pass did not end: ${stopped?.message ?? 'unknown'}`);
process.stdout.write(`${JSON.stringify(result)}\n`);
