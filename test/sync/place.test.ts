import { expect, it } from '@jest/globals';
import { stampOfPlace } from '../../src/sync/place.js';

it('is a place where its stamp is an instant; anything else is an id', () => {
  expect(stampOfPlace('@2026-02-28T00:00:00.000Z#12')).toBe('2026-02-28T00:00:00.000Z');
  const ids = [
    '@2026-99-01T00:00:00.000Z#0',
    '@2026-02-30T00:00:00.000Z#0',
    '@2026-01-01T24:00:00.000Z#0',
    '@2026-01-01T00:00:00.000Z#',
    '@',
  ];
  for (const id of ids) expect([id, stampOfPlace(id)]).toEqual([id, undefined]);
});
