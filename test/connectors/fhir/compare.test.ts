import { describe, expect, it } from '@jest/globals';
import { sameContent } from '../../../src/connectors/fhir/compare.js';

const given = (...names: unknown[]) => ({ resourceType: 'Patient', id: 'a', name: [{ given: names }] });
const same = (stored: object, sent: object): boolean => sameContent(stored, sent, 'http://emr/fhir', []);

describe('what is stored and what would be sent', () => {
  it('are the same where every element of a list is, in order', () => {
    expect(same(given('Asha', 'Rani'), given('Asha', 'Rani'))).toBe(true);
    expect(same(given('Asha', 'Rani'), given('Rani', 'Asha'))).toBe(false);
  });

  it.each([
    ['taken away at the end', ['Asha', 'Rani'], ['Asha']],
    ['added at the end', ['Asha'], ['Asha', 'Rani']],
    ['taken away, and no other left', ['Asha'], []],
  ])('differ where an element of a list is %s', (_how, stored, sent) => {
    expect(same(given(...stored), given(...sent))).toBe(false);
  });

  it('differ where a list stands for an object with its indices, or the reverse', () => {
    expect(same({ name: ['Asha'] }, { name: { 0: 'Asha' } })).toBe(false);
    expect(same({ name: { 0: 'Asha' } }, { name: ['Asha'] })).toBe(false);
  });

  it('differ where either has a member more', () => {
    const short = { resourceType: 'Patient', active: true };
    expect([same({ ...short, gender: 'female' }, short), same(short, { ...short, gender: 'female' })]).toEqual([false, false]);
  });
});
