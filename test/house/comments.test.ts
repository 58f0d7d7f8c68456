import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MAX_COLUMNS = 100;

/**
 * Lines that are nothing but a comment. One that is a single word, such as an address, cannot be
 * shorter.
 */
const COMMENT = /^\s*(?:\/\/|\/\*\*?|\*) \S+ \S/;

it('no comment is wider than it can be read', () => {
  const files = execFileSync('git', ['ls-files', '*.ts'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  const wide = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => (line.length > MAX_COLUMNS && COMMENT.test(line) ? [`${file}:${at + 1}`] : [])),
  );
  expect(wide).toEqual([]);
});
