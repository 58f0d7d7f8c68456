import { describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { rowId } from '../../../src/temporal/rows/row-id.js';
import { until } from '../../support/until.js';

const PROCESS = 'clinic/maternal-health';
const odd = [
  'a b',
  'a  b',
  ' a',
  'a/b',
  'a//b',
  'a"b',
  "a'b",
  'a\\b',
  'a\tb',
  'a\nb',
  'a%b',
  'a_b',
  'a~b',
  'a*',
  '',
  '.',
  '..',
  'Abc',
  'abc',
  'ABC',
  'अनिता',
  'अनिता ',
  '\u00e9',
  'e\u0301',
  'K',
  '\u212a',
  '😀',
  'x'.repeat(300),
  `${'x'.repeat(299)}y`,
  'X'.repeat(300),
  '@2026-01-01T00:00:00.000Z#0',
  '@2026-01-01T00:00:00.000Z#1',
  "' OR 1=1 --",
];

describe('the workflow id of an errored record', () => {
  it('is final', () => {
    expect(rowId(PROCESS, 'Beneficiary', '0d6a1e2c-7c38-4b9e-9a55-0f5e7c1b2a3d')).toBe(
      'clinic/maternal-health/errored/Beneficiary/0d6a1e2c-7c38-4b9e-9a55-0f5e7c1b2a3d',
    );
    expect(rowId(PROCESS, 'Beneficiary', '12345')).toBe('clinic/maternal-health/errored/Beneficiary/12345');
    expect(rowId(PROCESS, 'Beneficiary', 'Ward 3/17')).toBe(
      'clinic/maternal-health/errored/Beneficiary/ward_3_17~dc475d6b5e0ec3ab874ed96076706746',
    );
    expect(rowId(PROCESS, 'Beneficiary', 'अनिता')).toBe('clinic/maternal-health/errored/Beneficiary/_~b892a186b7925e406578b2b3651bd4e0');
  });

  it('is another for every record, also where ignoring case', () => {
    const ids = odd.map((id) => rowId(PROCESS, 'Beneficiary', id).toLowerCase());
    expect(new Set(ids).size).toBe(odd.length);
  });

  it('is never taken by a record that is called as the id of another is cut', () => {
    for (const id of odd) {
      const cut = rowId(PROCESS, 'A', id).slice(`${PROCESS}/errored/A/`.length);
      if (cut !== id) expect(rowId(PROCESS, 'A', cut)).not.toBe(rowId(PROCESS, 'A', id));
    }
  });

  it('has at most 255 characters, each a plain one, with the longest names there can be', () => {
    const longest = `${'p'.repeat(60)}/${'q'.repeat(60)}`;
    for (const id of [...odd, 'x'.repeat(100_000), 'ü'.repeat(255)]) {
      const made = rowId(longest, 'T'.repeat(60), id);
      expect(made.length).toBeLessThanOrEqual(255);
      expect(made).toMatch(/^[A-Za-z0-9._~/-]+$/);
    }
    expect(new Set(odd.map((id) => rowId(longest, 'T'.repeat(60), id))).size).toBe(odd.length);
  });

  it('can be asked for in a query', async () => {
    const connection = await Connection.connect({ address: process.env['SANGAM_TEST_TEMPORAL'] ?? '' });
    const client = new Client({ connection });
    const taskQueue = `row-id-${process.pid}`;
    const ids = odd.map((id) => rowId(`row-id/p${process.pid}`, 'A', id));
    try {
      for (const workflowId of ids) await client.workflow.start('erroredRecord', { workflowId, taskQueue });
      for (const workflowId of ids)
        await until(workflowId, async () => (await client.workflow.count(`WorkflowId="${workflowId}"`)).count === 1);
    } finally {
      for (const workflowId of ids)
        await client.workflow
          .getHandle(workflowId)
          .terminate('test over')
          .catch(() => undefined);
      await connection.close();
    }
  });
});
