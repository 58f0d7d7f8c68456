import { describe, expect, it } from '@jest/globals';
import { flatProcess } from '../../bench/support/flat.js';

describe('the process that is measured', () => {
  it('is a valid definition', async () => {
    const { parts } = await flatProcess({ avni: 'http://127.0.0.1:1', fhir: 'http://127.0.0.1:1', bundle: 100, page: 200 });
    expect(Object.keys(parts)).toEqual(['Person']);
  });
});
