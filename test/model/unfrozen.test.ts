import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const MODEL = fileURLToPath(new URL('../../src/model', import.meta.url));

/** What changes as it is used: Temporal freezes whatever of a shared module is no function. */
function changes(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('_zod' in value || Object.values(value).some(changes));
}

it('nothing that workflows share changes as it is used', async () => {
  const found: string[] = [];
  let seen = 0;
  for (const file of readdirSync(MODEL)) {
    const exported = (await import(`${MODEL}/${file}`)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      seen += 1;
      if (changes(value) || (value instanceof RegExp && /[gy]/.test(value.flags))) found.push(`${file} ${name}`);
    }
  }
  expect(seen).toBeGreaterThan(50);
  expect(found).toEqual([]);
});
