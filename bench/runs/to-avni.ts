// From FHIR to Avni: reads alone, then a first pass and a second one: `node to-avni.js <fhir>
// <avni>`.
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { resultType } from '../support/results.js';
import { stopwatch } from '../support/stopwatch.js';

const UNTIL = '2026-01-01T00:00:00.000Z';
const [fhir = '', avni = ''] = process.argv.slice(2);
const type = await resultType(fhir, avni);
const http = createHttp();
const c: Context = { signal: new AbortController().signal, http, log: silent };
const results = [await reading(), await pass(), await pass()];
http.close();
process.stdout.write(`${JSON.stringify(results)}\n`);

async function reading(): Promise<object> {
  const taken = stopwatch();
  let read = 0;
  for await (const { records } of type.source.changes(null, UNTIL, 200, c)) read += records.length;
  return { ...taken(), sheet: { read } };
}

async function pass(): Promise<object> {
  const taken = stopwatch();
  const { sheet, done, stopped } = await syncChanges(
    type,
    { after: null, until: UNTIL, limit: 200, shouldYield: () => false, onProgress: () => undefined, rows: new MemoryRows() },
    c,
  );
  if (!done || sheet.errored > 0) throw new Error(`The pass did not end well: ${stopped?.message ?? JSON.stringify(sheet)}`);
  return { ...taken(), sheet };
}
