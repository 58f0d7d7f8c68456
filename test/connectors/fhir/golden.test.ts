import { describe, expect, it } from '@jest/globals';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { originCode, ORIGIN_TAG } from '../../../src/connectors/fhir/identity.js';
import { syncId } from '../../../workflows/ids.js';

// What is persisted in installations and never changes: a red test here means data would be
// doubled.
describe('identity, for ever', () => {
  it('derives the same ids and tags', () => {
    expect(resourceId('clinic', 'Growth', [], '5f0c0f2e-6a7e-4c0b-9a51-3f6a1d1f7a10', 'main')).toBe('5ff4ab01-4983-5e14-a672-294f606adfd0');
    expect(resourceId('clinic', 'Growth', [], '5f0c0f2e-6a7e-4c0b-9a51-3f6a1d1f7a10', 'weight')).toBe(
      '07665663-d327-5cd3-9d35-ea08df17d10f',
    );
    expect(originCode({ integration: 'clinic', process: 'maternal-health', entityType: 'Growth', id: 'a b/ç' })).toBe(
      'clinic/maternal-health/Growth/a%20b%2F%C3%A7',
    );
    expect(ORIGIN_TAG).toBe('urn:sangam:origin');
    expect(syncId('clinic/maternal-health', 'Growth')).toBe('clinic/maternal-health/sync/Growth');
  });

  it('keeps identity through a rename', () => {
    expect(resourceId('clinic', 'New', ['Old', 'Middle'], 'x', 'main')).toBe(resourceId('clinic', 'Old', [], 'x', 'main'));
  });
});
