import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('is no success where nobody reads what is wrong', async () => {
  const child = spawn(process.execPath, [join(root, 'bin', 'sangam.js'), 'validate', 'package.json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.destroy();
  const [status] = (await once(child, 'exit')) as [number];
  expect(status).toBe(141);
});
