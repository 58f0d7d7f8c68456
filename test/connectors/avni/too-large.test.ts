import { afterEach, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { ChangeSource, Context, SourceRecord, Unreadable } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import type { Http } from '../../../src/http/http.js';
import { ExactNumber } from '../../../src/json/exact-number.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { iso, T } from '../../support/avni-visits.js';

let http: Http | undefined;
let open: AvniSimulator | undefined;
afterEach(async () => {
  http?.close();
  await open?.close();
});

const values = Array.from({ length: 2_100_000 }, () => '');
const numbers = Array.from({ length: 210_000 }, () => new ExactNumber('12345678901234567890'));

async function world(maxBodyBytes: number) {
  const organisation = new AvniOrganisation();
  open = await startAvniSimulator({ organisation });
  http = createHttp({ timeout: 20_000, maxBodyBytes });
  const c: Context = { signal: new AbortController().signal, http, log: silent };
  const source = avni.connect('avni', { url: open.url, auth: { userName: 'me' } }, { margin: 0 }).source?.({ subject: 'Beneficiary' });
  if (!source) throw new Error('Avni is a source');
  const add = (stamp: number, more: object = {}): string =>
    organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations: more }, { stamp }).id;
  return { source, add, c };
}

async function all(source: ChangeSource, c: Context): Promise<(SourceRecord | Unreadable)[]> {
  const found: (SourceRecord | Unreadable)[] = [];
  for await (const { records } of source.changes({ v: 1, at: iso(T - 1) }, iso(T + 10), 50, c)) found.push(...records);
  return found;
}

it.each<[string, string, unknown, number, (n: number) => number]>([
  ['more bytes than are taken', 'by itself', 'x'.repeat(200_000), 100_000, (n) => T + n],
  ['more bytes than are taken', 'in a group of one stamp', 'x'.repeat(200_000), 100_000, () => T],
  ['more numbers than are read with care', 'by itself', numbers, 8_000_000, (n) => T + n],
  ['more values than are read', 'by itself', values, 20_000_000, (n) => T + n],
])(
  'a record of %s, %s, is its own error, and all others of its page are read',
  async (_what, _where, value, maxBodyBytes, stampOf) => {
    const { source, add, c } = await world(maxBodyBytes);
    const good = [0, 1, 2, 3].map((n) => add(stampOf(n)));
    const large = add(stampOf(4), { Notes: value });
    good.push(...[5, 6].map((n) => add(stampOf(n))));
    const found = await all(source, c);
    expect(found.flatMap((record) => ('error' in record ? [] : [record.id])).sort()).toEqual([...good].sort());
    expect(found.filter((record) => 'error' in record)).toMatchObject([{ error: { code: 'Unreadable', path: 'its size' } }]);
    const single = await source.fetch([...good, large], c);
    expect(single.get(large)).toMatchObject({ error: { code: 'Unreadable', path: 'its size' } });
    for (const id of good) expect(single.get(id)).not.toHaveProperty('error');
  },
  120_000,
);

it('reads all records of a page that together hold more values than are read', async () => {
  const { source, add, c } = await world(20_000_000);
  const some = values.slice(0, 300_000);
  const ids = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => add(T + n, { Notes: some }));
  const found = await all(source, c);
  expect(found.map((record) => ('error' in record ? record.error.code : record.id))).toEqual(ids);
}, 120_000);

it('is the system’s failure where nothing it answers can be read', async () => {
  const { source, add, c } = await world(100_000);
  const id = add(T);
  open?.faults.push({ do: { respond: { status: 200, body: 'x'.repeat(200_000) } } });
  await expect(all(source, c)).rejects.toMatchObject({
    code: 'BadResponse',
    message: expect.stringContaining('more than 100000 bytes') as unknown,
  });
  await expect(source.fetch([id], c)).rejects.toMatchObject({ code: 'BadResponse' });
});
