import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { PATH } = process.env;

/**
 * A definition whose variables are not set, so that there is something to mend, with its output
 * somewhere else.
 */
function validate(output: string): { status: number | null; stderr: string } {
  const command = `set -o pipefail; "${process.execPath}" bin/sangam.js validate integrations ${output}`;
  return spawnSync('bash', ['--norc', '-c', command], { cwd: root, env: { PATH }, encoding: 'utf8' });
}

describe('a command whose output nobody gets', () => {
  (existsSync('/dev/full') ? it : it.skip)('says so where it cannot be written, and does not end as if all were well', () => {
    const { status, stderr } = validate('> /dev/full');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^The output cannot be written: ENOSPC/)]);
  });

  it('ends as one that a closed pipe ends where nobody reads it any more', () => {
    // The reader goes before anything is written.
    const { status, stderr } = validate('| exec true');
    expect([status, stderr]).toEqual([141, '']);
  });
});
