// Both sides held against each other: `node reconcile.js <avni> <fhir> <page>`. It is at rest
// behind a first, short one; what it has resident beyond that at most is the figure.
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { reconcileTypes } from '../../src/sync/reconcile/reconcile-types.js';
import { keepHeapSmall } from '../../src/temporal/keep-heap-small.js';
import { flatProcess } from '../support/flat.js';
import { stopwatch } from '../support/stopwatch.js';

const UNTIL = '2026-01-01T00:00:00.000Z';
/** Milliseconds. */
const EVERY = 100;
/** Readings of a process at rest. */
const RESTS = 20;
const [avni = '', fhir = '', page] = process.argv.slice(2);
keepHeapSmall();
const { parts } = await flatProcess({ avni, fhir, bundle: 100, page: Number(page) });
const http = createHttp();
const c = { signal: new AbortController().signal, http, log: silent };
const resident = (): number => process.memoryUsage.rss() / 1e6;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, EVERY));

const work = { bookmarks: {}, horizonOf: () => Promise.resolve(UNTIL), pageSize: () => Number(page), showValues: false };
const person = parts['Person'];
if (!person) throw new Error('The definition has no Person');
for await (const { records } of person.source.changes(null, UNTIL, Number(page), c)) {
  const last = records.at(-1);
  if (!last || 'error' in last) throw new Error('A record cannot be read');
  await reconcileTypes(parts, { ...work, bookmarks: { Person: { v: 1, at: last.modified } } }, c);
  break;
}
for (let rests = 0; rests < RESTS; rests += 1) await pause();
const resting = resident();
let most = resting;
const watch = setInterval(() => (most = Math.max(most, resident())), EVERY);
const taken = stopwatch();
const [type] = await reconcileTypes(parts, work, c);
clearInterval(watch);
http.close();
process.stdout.write(
  `${JSON.stringify({ ...taken(), resting, most: Math.max(most, resident()), counts: type?.counts, stopped: type?.stopped?.message })}\n`,
);
