// A first pass, then second passes and plans over what is unchanged, in turns: each plan behind the
// pass that it is compared with. `node plan.js <avni> <fhir> <bundle> <page> <turns>`.
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { planTypes } from '../../src/sync/plan-types.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { flatProcess } from '../support/flat.js';
import { stopwatch, type Taken } from '../support/stopwatch.js';

const UNTIL = '2026-01-01T00:00:00.000Z';
const [avni = '', fhir = '', bundle, page, turns = '1'] = process.argv.slice(2);
const { parts } = await flatProcess({ avni, fhir, bundle: Number(bundle), page: Number(page) });
const http = createHttp();
const c = { signal: new AbortController().signal, http, log: silent };

async function pass(): Promise<Taken> {
  const person = parts['Person'];
  if (!person) throw new Error('The definition has no Person');
  const taken = stopwatch();
  const nothing = { shouldYield: () => false, onProgress: () => undefined, rows: new MemoryRows() };
  const { done, stopped } = await syncChanges(person, { after: null, until: UNTIL, limit: Number(page), ...nothing }, c);
  if (!done) throw new Error(`The pass did not end: ${stopped?.message ?? 'unknown'}`);
  return taken();
}

async function plan(): Promise<Taken> {
  const taken = stopwatch();
  const horizon = { horizonOf: () => Promise.resolve(UNTIL), pageSize: () => Number(page) };
  const [type] = await planTypes(parts, { bookmarks: {}, limit: 1_000_000, showValues: false, ...horizon }, c);
  if (type?.stopped) throw new Error(`The plan stopped: ${type.stopped.message}`);
  return taken();
}

await pass();
const results: { second: Taken; plan: Taken }[] = [];
for (let turn = 0; turn < Number(turns); turn += 1) results.push({ second: await pass(), plan: await plan() });
http.close();
process.stdout.write(`${JSON.stringify(results)}\n`);
