import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';

// Runs one program for as long as this process's standard input is open, so that it ends with the test run, also where that was killed.
const { command, args, env, user, signal, output, remove } = JSON.parse(process.argv[2] ?? '{}');
const file = openSync(output, 'a');
const child = spawn(command, args, { ...user, env: { ...process.env, ...env }, cwd: '/', stdio: ['ignore', file, file] });
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(signal));
process.stdin.on('close', () => child.kill(signal)).resume();
const gone = (status) => {
  if (remove !== undefined) rmSync(remove, { recursive: true, force: true });
  process.exit(status);
};
child.on('error', () => gone(1));
child.on('exit', (code) => gone(code ?? 0));
