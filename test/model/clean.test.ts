import { describe, expect, it } from '@jest/globals';
import { bytesOf, clean } from '../../src/model/clean.js';

describe('a text from outside', () => {
  it.each([
    ['\u001b]0;owned\u0007title', ']0;owned title'],
    ['a\r\nforged: line', 'a  forged: line'],
    ['\u202Egnp.exe', 'gnp.exe'],
    ['half \uD83D of one', 'half   of one'],
    ['मातृ स्वास्थ्य 😀', 'मातृ स्वास्थ्य 😀'],
    ['ക്‍ല न्‍या 👩‍⚕️', 'ക്‍ല न्‍या 👩‍⚕️'],
    ['  ', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(clean(text, 100)).toBe(shown);
  });

  it('is cut, and never in the middle of a character', () => {
    expect(clean('x'.repeat(5_000), 60)).toBe('x'.repeat(60));
    expect(clean('😀😀', 3)).toBe('😀');
  });
});

describe('the bytes of a value', () => {
  it('are those that Temporal stores', () => {
    for (const value of [undefined, null, 5, '', 'abc', 'é', '€', '😀', 'a\uD800', '\u0000"\\', { मातृ: ['स्वा', { x: '😀é€' }] }])
      expect(bytesOf(value)).toBe(Buffer.byteLength(JSON.stringify(value) ?? ''));
  });
});
