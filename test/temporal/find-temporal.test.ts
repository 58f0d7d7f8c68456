import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTemporal, typedTemporal, type FoundTemporal } from '../../src/temporal/find-temporal.js';
import { goInstall } from '../../src/temporal/get-temporal/go-install.js';
import type { Way } from '../../src/temporal/get-temporal/way.js';

const TEMPORAL = '#!/bin/sh\necho "temporal version 1.5.1"\n';
/** As Go does it: what it builds is put into GOBIN. */
const GO = `#!/bin/sh\n[ "$1" = version ] && exit 0\nprintf '%s' '${TEMPORAL}' > "$GOBIN/temporal" && /bin/chmod 755 "$GOBIN/temporal"\n`;

let home = '';
const lines: string[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sangam-find-'));
  lines.length = 0;
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A real program file, below the test's own folder. */
async function program(path: string, text = TEMPORAL): Promise<string> {
  const whole = join(home, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  await chmod(whole, 0o755);
  return whole;
}

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: `${join(home, 'bin1')}:${join(home, 'bin2')}`,
  XDG_CACHE_HOME: join(home, 'cache'),
  ...more,
});
const cached = (): string => join(home, 'cache', 'sangam', 'temporal-1.5.1', 'temporal');
const unreachable: Way = () => Promise.reject(new Error('no route to the download\nand a stack'));
const arrives: Way = async (target) => void (await program(target.slice(home.length)));
const find = (more: Record<string, string> = {}, download: Way = unreachable): Promise<FoundTemporal> =>
  findTemporal({ env: env(more), log: (line) => lines.push(line), ways: { download, go: goInstall } });

describe('the temporal program', () => {
  it('is taken from TEMPORAL_CLI, then the PATH, then the cache, then a download, then Go', async () => {
    const own = await program('own/my temporal');
    const onPath = await program('bin2/temporal');
    await program('cache/sangam/temporal-1.5.1/temporal');
    await program('bin1/go', GO);
    expect(await find({ TEMPORAL_CLI: own }, arrives)).toEqual({ path: own, from: 'TEMPORAL_CLI' });
    expect(await find({ TEMPORAL_CLI: '' }, arrives)).toEqual({ path: onPath, from: 'PATH' });
    await rm(onPath);
    expect(await find({}, arrives)).toEqual({ path: cached(), from: 'cache' });
    await rm(cached());
    expect(await find({}, arrives)).toEqual({ path: cached(), from: 'download' });
    // What was fetched is not fetched again.
    expect(await find()).toEqual({ path: cached(), from: 'cache' });
    await rm(cached());
    expect(await find()).toEqual({ path: cached(), from: 'go' });
    expect(lines.join()).toContain('Go: some minutes, once');
    expect(await find({ PATH: '' })).toEqual({ path: cached(), from: 'cache' });
    expect(await readFile(cached(), 'utf8')).toContain('temporal version');
  });

  it('is passed over where it does not work, on the PATH, in the cache, and from the download', async () => {
    await program('bin1/temporal', '#!/bin/sh\nexit 1\n');
    await program('cache/sangam/temporal-1.5.1/temporal', '#!/bin/sh\necho something else\n');
    const good = await program('bin2/temporal');
    expect(await find()).toEqual({ path: good, from: 'PATH' });
    await rm(good);
    await program('bin2/go', GO);
    const broken: Way = async (target) => void (await program(target.slice(home.length), 'no program'));
    expect(await find({}, broken)).toEqual({ path: cached(), from: 'go' });
  });

  it.each([
    ['nothing', 'gone/temporal', undefined],
    ['something else', 'own/else', '#!/bin/sh\necho something else\n'],
  ])('is not looked for elsewhere where TEMPORAL_CLI names %s', async (_what, path, text) => {
    await program('bin1/temporal');
    if (text !== undefined) await program(path, text);
    await expect(find({ TEMPORAL_CLI: join(home, path) })).rejects.toThrow(
      'TEMPORAL_CLI names no working temporal program. Correct it, or unset it to let Sangam find one.',
    );
  });

  it('that cannot be had at all is told in one message, with why and how to get it', async () => {
    const error = await find().catch((each: Error) => each);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toContain('(download: no route to the download; go: Go is not installed)');
    for (const how of ['docs.temporal.io/cli', 'Go 1.24', 'TEMPORAL_CLI']) expect(message).toContain(how);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('is typed by its path where the PATH has none, and by its name otherwise', async () => {
    expect(typedTemporal(env())).toBe('temporal');
    await program('cache/sangam/temporal-1.5.1/temporal');
    expect(typedTemporal(env())).toBe(cached());
    await program('bin2/temporal');
    expect(typedTemporal(env())).toBe('temporal');
    const own = await program('own/my temporal');
    expect(typedTemporal(env({ TEMPORAL_CLI: own }))).toBe(own);
  });
});
