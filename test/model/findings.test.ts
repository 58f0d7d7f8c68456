import { describe, expect, it } from '@jest/globals';
import { addFindings, withFindings } from '../../src/model/findings.js';

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'Weight'];

describe('concepts that no expression reads', () => {
  it('are counted under any name, and change nothing else', () => {
    const records = ['a', 'b', 'c'].map((id) => ({ id, unmapped: NAMES }));
    let findings = withFindings({}, records.slice(0, 1));
    // As they are stored between two activities.
    findings = withFindings(JSON.parse(JSON.stringify(findings)) as typeof findings, records.slice(1));
    const sum = addFindings(findings, JSON.parse(JSON.stringify(findings)) as typeof findings);
    expect(Object.entries(findings)).toEqual(NAMES.map((name) => [name, { count: 3, first: 'a' }]));
    expect(Object.entries(sum)).toEqual(NAMES.map((name) => [name, { count: 6, first: 'a' }]));
    expect(({} as Record<string, unknown>)['count']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('are at most so many', () => {
    const unmapped = Array.from({ length: 300 }, (_, n) => `c${n}`);
    expect(Object.keys(withFindings({}, [{ id: 'a', unmapped }]))).toHaveLength(50);
  });

  it('take no more than so many bytes, and those that are kept are counted on', () => {
    const unmapped = ['Weight', ...Array.from({ length: 40 }, (_, n) => 'ಗೌರಮ್ಮ » '.repeat(200) + String(n))];
    let findings = withFindings({}, [{ id: 'a', unmapped }]);
    findings = addFindings(findings, withFindings({}, [{ id: 'b', unmapped }]));
    expect(Buffer.byteLength(JSON.stringify(findings))).toBeLessThanOrEqual(16_000);
    expect(findings['Weight']).toEqual({ count: 2, first: 'a' });
    expect(Object.keys(findings).length).toBeGreaterThan(1);
  });
});
