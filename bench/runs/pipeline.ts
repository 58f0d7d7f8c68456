// Passes of the engine's pipeline, one after the other, as the activities of one worker run them:
// `node pipeline.js <avni> <fhir> <bundle> <page> <passes>`.
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { MemoryRows } from '../../src/sync/memory-rows.js';
import type { EntityTypeParts } from '../../src/sync/parts.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { flatProcess } from '../support/flat.js';
import { stopwatch } from '../support/stopwatch.js';

const [avni = '', fhir = '', bundle, page, passes = '1'] = process.argv.slice(2);
const { parts } = await flatProcess({ avni, fhir, bundle: Number(bundle), page: Number(page) });
const person = parts['Person'];
if (!person) throw new Error('The definition has no Person');
const http = createHttp();
const results: object[] = [];
for (let pass = 0; pass < Number(passes); pass += 1) results.push(await onePass(person));
http.close();
process.stdout.write(`${JSON.stringify(results)}\n`);

async function onePass(type: EntityTypeParts): Promise<object> {
  const taken = stopwatch();
  const { sheet, done, stopped } = await syncChanges(
    type,
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
  if (!done) throw new Error(`The pass did not end: ${stopped?.message ?? 'unknown'}`);
  return { ...taken(), sheet };
}
