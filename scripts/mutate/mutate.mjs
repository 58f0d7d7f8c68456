// `npm run mutate -- <part> [files]`: breaks each line of a part of the source, and says which of
// the changes its unit tests do not notice. StrykerJS is not a dependency of the project: it comes
// at the first run, for itself, since nobody else needs it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parts } from './parts.mjs';

const STRYKER = '9.6.1';
const TOOLS = join('.sangam', `stryker-${STRYKER}`);

const [part, ...files] = process.argv.slice(2);
if (!Object.hasOwn(parts, part ?? '')) {
  console.error(`Say which part: ${Object.keys(parts).join(', ')}. Files of it may follow.`);
  process.exit(2);
}
if (!existsSync(join(TOOLS, 'node_modules', '.bin', 'stryker'))) {
  mkdirSync(TOOLS, { recursive: true });
  writeFileSync(join(TOOLS, 'package.json'), '{"private":true}\n');
  const packages = [`@stryker-mutator/core@${STRYKER}`, `@stryker-mutator/jest-runner@${STRYKER}`, 'typescript@5.9'];
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: TOOLS, stdio: 'inherit' });
}
const stryker = join(TOOLS, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const { status } = spawnSync(process.execPath, [stryker, 'run', 'scripts/mutate/stryker.config.mjs'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
    SANGAM_MUTATE: part,
    SANGAM_MUTATE_FILES: files.join(' '),
  },
});
process.exitCode = status ?? 1;
