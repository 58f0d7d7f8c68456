import { describe, expect, it } from '@jest/globals';
import type { Page, SourceRecord } from '../../src/connectors/connector.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { iso } from '../support/sync/fake-source.js';

/** A process whose source gives these states of one record in one page, in this order. */
function giving(...stamps: number[]) {
  const p = fakeProcess({ A: {} });
  const record = p.system.put('A', 'a1');
  const start = record.modified;
  const states = stamps.map((stamp): SourceRecord => {
    const modified = iso(start + stamp);
    return { id: 'a1', version: modified, modified, voided: false, body: { ...record, modified: start + stamp } };
  });
  p.system.time = start + 100;
  const { source } = p.parts['A'] ?? {};
  if (!source) throw new Error('A has a source');
  source.changes = async function* (_after, until): AsyncGenerator<Page> {
    yield { records: states, bookmark: { v: 1, at: until } };
  };
  return { p, version: (stamp: number) => iso(start + stamp) };
}

describe('of one record twice in a page', () => {
  it.each([[[1, 2]], [[2, 1]], [[2, 3, 1]], [[3, 1, 2]]])('the newest state is written, once, given in the order %j', async (stamps) => {
    const { p, version } = giving(...stamps);
    const { sheet, done } = await p.sync('A');
    expect(p.destination.stored.get('A a1')).toMatchObject({ version: version(Math.max(...stamps)) });
    expect(p.destination.log).toEqual(['upsert A a1']);
    expect([done, sheet]).toEqual([true, expect.objectContaining({ read: stamps.length, created: 1, unchanged: stamps.length - 1 })]);
  });
});
