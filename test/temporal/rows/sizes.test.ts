import { describe, expect, it } from '@jest/globals';
import { knownRows } from '../../../activities/known-rows.js';
import { bytesOf } from '../../../src/model/clean.js';
import { inParts } from '../../../src/temporal/rows/in-parts.js';
import { parseRowMemo, type ListedRow } from '../../../src/temporal/rows/list-rows.js';
import { sendToRow } from '../../../src/temporal/rows/send-to-row.js';
import { newRow } from '../../../workflows/errored/row.js';
import { rowMemo } from '../../../workflows/errored/status.js';
import { classified } from '../../errored/support.js';
import { idle } from '../../support/fake-activities.js';
import { withProcess } from '../../support/process-harness.js';

const AT = '2026-01-01T00:00:00.000Z';
const good = rowMemo(newRow({ process: 'p/q', entityType: 'A', id: 'x' }, AT));
const row = (entityType: string, errorType: string): ListedRow => ({ ...good, workflowId: 'w', entityType, errorType });

describe('what goes to Temporal and comes back', () => {
  it('is measured before it is sent: what is too large is final, and said', async () => {
    await withProcess(idle, async ({ client, process, taskQueue }) => {
      const failed = { version: 'v', stamp: AT, digest: 'd', error: classified, at: AT, attempt: 1 };
      const send = sendToRow({ client, taskQueue }, { process, entityType: 'A', id: 'x'.repeat(3_000_000) }, { kind: 'failed', ...failed });
      await expect(send).rejects.toMatchObject({ type: 'TooLarge', nonRetryable: true, message: expect.stringContaining('a record of A') });
    });
  });

  it('goes in parts that are taken, with no child left out', () => {
    const children = Array.from({ length: 3_000 }, (_, index) => ({
      entityType: 'B',
      id: `${index}${'é'.repeat(index % 1_900)}`,
      version: 'v',
    }));
    const parts = inParts(children);
    expect(parts.flat()).toEqual(children);
    for (const part of parts) expect([part.length <= 1_000, bytesOf(part) < 600_000]).toEqual([true, true]);
    expect(inParts([])).toEqual([]);
  });

  it('is counted by a bounded number of names, whatever they are', () => {
    const names = ['__proto__', 'constructor', 'toString', ...Array.from({ length: 5_000 }, (_, index) => `E${index}`)];
    const { open: counts } = knownRows(
      names.flatMap((name) => [row('A', name), row(name, 'X')]),
      'd',
      AT,
    );
    expect(bytesOf(counts)).toBeLessThan(30_000);
    const all = Object.values(counts).flatMap(({ errored }) => Object.values(errored));
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(names.length * 2);
    expect(Object.keys({})).toEqual([]);
    expect(({} as { ignored?: number }).ignored).toBeUndefined();
  });

  it('is a row only where the engine wrote its memo so', () => {
    expect(parseRowMemo(good)).toEqual(good);
    const odd = [undefined, null, -1, 1.5, 'x'.repeat(3_000), {}, [], '2099', 'A" OR ErrorType!="', '__proto__\u001b[2J'];
    for (const name of ['stamp', 'errorType', 'firstFailedAt', 'state', 'attempts', 'waiting'])
      for (const value of odd.filter((each) => name !== 'errorType' || each !== '2099'))
        expect([name, value, parseRowMemo({ ...good, [name]: value })]).toEqual([name, value, undefined]);
    for (const memo of [undefined, null, 'text', 5, [], {}]) expect(parseRowMemo(memo)).toBeUndefined();
    expect(parseRowMemo({ ...good, more: 'x' })).toEqual(good);
  });
});
