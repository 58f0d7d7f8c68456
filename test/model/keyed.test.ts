import { describe, expect, it } from '@jest/globals';
import { getOwn, setAll, setOwn } from '../../src/model/keyed.js';
import { HOSTILE_NAMES } from '../support/hostile-names.js';

describe('what is keyed by data', () => {
  it.each(HOSTILE_NAMES)('takes %s for a name like any other', (name) => {
    const by: Record<string, number> = {};
    expect(getOwn(by, name)).toBeUndefined();
    expect(setOwn(by, name, 1)).toBe(1);
    expect(getOwn(by, name)).toBe(1);
    expect(Object.entries(by)).toEqual([[name, 1]]);
    expect(JSON.parse(JSON.stringify(by))).toEqual(JSON.parse(`{"${name}":1}`));
    expect(Object.getPrototypeOf(by)).toBe(Object.prototype);
    setOwn(by, name, 2);
    expect(getOwn(by, name)).toBe(2);
  });

  it('sets all, and reaches no prototype', () => {
    const by: Record<string, unknown> = {};
    setAll(by, JSON.parse('{"__proto__":{"count":1},"a":2}') as Record<string, unknown>);
    expect(Object.keys(by)).toEqual(['__proto__', 'a']);
    expect(({} as Record<string, unknown>)['count']).toBeUndefined();
    expect(Object.getPrototypeOf(by)).toBe(Object.prototype);
  });

  it('has nothing where there is no object', () => {
    expect(getOwn(undefined as Record<string, number> | undefined, 'a')).toBeUndefined();
    expect(getOwn(null as Record<string, number> | null, 'a')).toBeUndefined();
  });
});
