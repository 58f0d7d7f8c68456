import { describe, expect, it } from '@jest/globals';
import { RE2JS } from 're2js';
import { TooLong } from '../../../src/mapping/limits/run.js';
import { WatchedText } from '../../../src/mapping/limits/watched-text.js';

/** RE2 over a text that is watched; its types know no text that is an object. */
function search(source: string, text: WatchedText, from = 0): boolean {
  return RE2JS.compile(source)
    .matcher(text as unknown as string)
    .find(from);
}

describe('a text that is watched', () => {
  // Short ones and long ones are looked through in different ways.
  it.each([50, 200_000])('is read up to the end of a match, and little further, of %i characters', (length) => {
    const text = new WatchedText(`${'a'.repeat(20)},${'a'.repeat(length)}b`);
    text.watch(3, Infinity);
    expect(search('[,;]', text, 3)).toBe(true);
    expect(text.reached).toBeGreaterThanOrEqual(21);
    expect(text.reached).toBeLessThan(25);
    text.watch(3, Infinity);
    expect(search('[,;](?:a*c)?', text, 3)).toBe(true);
    // Whether a c follows all the letters is to be seen.
    expect(text.reached).toBeGreaterThanOrEqual(21 + length);
  });

  it.each([50, 200_000])('is read no further than it lets itself be, of %i characters', (length) => {
    const text = new WatchedText('a'.repeat(length));
    text.watch(0, 40);
    expect(() => search('[bc]', text)).toThrow(TooLong);
    expect(text.reached).toBe(40);
    text.watch(10, 30);
    expect(() => search('[bc]', text, 10)).toThrow(TooLong);
    expect(text.reached).toBe(30);
  });
});
