// Makes a fresh clone ready: packages, compiled code, the workflow bundle, `npx sangam`. Does nothing where nothing changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Sangam needs Node 20.19 or newer; this is ${process.version}. Install a newer one from nodejs.org.`);
  process.exit(1);
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const lockHash = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
step('node_modules/.sangam-packages', lockHash, 'Installing packages …', () => {
  execFileSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
});

const sources = ['src', 'workflows', 'activities', 'bench'].filter((folder) => existsSync(folder)).flatMap(files);
const sourceHash = createHash('sha256');
for (const file of [...sources, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].sort())
  sourceHash.update(file).update(readFileSync(file));
step('dist/.sangam-build', sourceHash.digest('hex'), 'Compiling …', () => {
  rmSync('dist', { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const bundle = `import('./dist/src/temporal/build-bundle.js').then((m) => m.buildWorkflowBundle('dist/workflow-bundle.js'))`;
  execFileSync(process.execPath, ['-e', bundle], { stdio: ['ignore', 'ignore', 'inherit'] });
});

const link = join('node_modules', '.bin', 'sangam');
if (!existsSync(link)) symlinkSync(join('..', '..', 'bin', 'sangam.js'), link);

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Does the work unless its mark says that it was done for the same input; one at a time. */
function step(mark, hash, words, work) {
  if (done()) return;
  const lock = `.sangam/${mark.replace(/\W/g, '-')}.lock`;
  mkdirSync('.sangam', { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 20 * 60_000) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    if (done()) return;
    console.error(words);
    work();
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, hash);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
  function done() {
    return existsSync(mark) && readFileSync(mark, 'utf8') === hash;
  }
}
