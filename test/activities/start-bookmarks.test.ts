import { describe, expect, it } from '@jest/globals';
import { parseStartBookmarks } from '../../activities/start-bookmarks.js';

const at = '2024-01-01T00:00:00.000Z';
const parse = (given: unknown) => parseStartBookmarks(given, ['Person', 'Visit'], '2026-01-01T00:00:00.000Z');

describe('start bookmarks', () => {
  it('of a memo may name an entity type that the definition has lost since: it is passed over', () => {
    const person = { v: 1, at, systems: 'a+b' };
    expect(parse({ Person: person, Growth: { v: 1, at, systems: 'a+b' } })).toEqual({ bookmarks: { Person: person } });
  });

  it.each([{ Persn: at }, { Persn: { v: 1, at } }, { Persn: { v: 2, at, systems: 'a+b' } }, { Persn: null }])(
    'that an operator wrote are refused where no entity type has that name: %j',
    (given) => {
      expect(parse(given)).toEqual({ refused: expect.stringContaining('no entity type "Persn"') });
    },
  );
});
