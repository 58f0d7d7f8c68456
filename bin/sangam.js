#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  console.error('Sangam is not compiled yet: run npm run setup.');
  process.exit(1);
}
const { main: run } = await import(main.href);
process.exitCode = await run(process.argv);
// What a failed start left open in a library must not keep it alive.
if (process.exitCode !== 0) setTimeout(() => process.exit(), 2_000).unref();
