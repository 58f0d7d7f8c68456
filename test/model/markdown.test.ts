import { describe, expect, it } from '@jest/globals';
import { joined, link, marked } from '../../src/model/markdown.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

/** The signs of markdown that mean something in a text: those that nothing escapes. */
const live = (text: string): string[] => text.replace(/\\[\p{P}\p{S}]/gu, '').match(/[*_`[\]<>|~#!&\\]|:\/\/|www\./g) ?? [];

describe('markdown for the Web UI', () => {
  it.each(HOSTILE_TEXTS)('shows %j as text, on one line', (text) => {
    const { text: shown } = marked`**state** of ${text}.`;
    expect(shown.startsWith('**state** of ')).toBe(true);
    expect(live(shown.slice('**state**'.length))).toEqual([]);
    expect(shown).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
  });

  it.each(['- forged', '1. forged', '+ forged', '# forged', '> forged', '=== forged'])(
    'makes no %j of a value that begins a line',
    (text) => {
      expect(joined([marked`a`, marked`${text}`]).text).toMatch(/^a\n(1?\\)/);
    },
  );

  it('keeps what a person reads as it is', () => {
    expect(marked`got to ${'2026-11-25T10:20:00.000Z'}: ${12} (a-b), 50 %.`.text).toBe('got to 2026-11-25T10:20:00.000Z: 12 (a-b), 50 %.');
  });

  it('puts markdown into markdown as it is', () => {
    expect(joined([marked`**${'a*'}**`, marked`${marked`_b_`} ${'_'}`]).text).toBe('**a\\***\n_b_ \\_');
  });

  it('links to addresses of the web alone', () => {
    expect(link('Open', 'https://avni.example/#/app/subject?uuid=1').text).toBe('[Open](https://avni.example/#/app/subject?uuid=1)');
    expect(link('Open', 'https://a.example/) [x](https://evil.example').text).toBe('Open');
    expect(link('Open', 'https://a.example/)[x](https://evil.example').text).toBe(
      '[Open](https://a.example/%29%5bx%5d%28https://evil.example)',
    );
    for (const address of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', ' https://a', 'https://a\nb', 'ftp://a'])
      expect(link('Open', address).text).toBe('Open');
  });
});
