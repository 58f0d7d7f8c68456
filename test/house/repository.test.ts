import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
/** A line that is nothing but a comment: a room is no larger for being described. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*)/;
const tracked = (): string[] => execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);

describe('the repository', () => {
  it('keeps its rooms small: none over 300 lines of code, the median under 100', () => {
    const lengths = tracked()
      .filter((file) => /^(src|workflows|activities)\/.*\.ts$/.test(file))
      .map(
        (file) =>
          read(file)
            .split('\n')
            .filter((line) => !COMMENT.test(line)).length,
      );
    lengths.sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(300);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
  });
});
