import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const KEEPER = fileURLToPath(new URL('./keeper.js', import.meta.url));

/**
 * Starts a program that ends with this process, however that ends. `signal` is what it is ended with; `output` the file of what it prints;
 * `remove` a folder that is removed after it.
 */
export function keep({ command, args, env = {}, user = {}, signal, output, remove }) {
  const options = JSON.stringify({ command, args, env, user, signal, output, remove });
  // A group of its own: Ctrl-C ends it by way of its standard input, in order.
  const child = spawn(process.execPath, [KEEPER, options], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined);
  return {
    running: () => child.exitCode === null && child.signalCode === null,
    /** The end of what it printed, for the message of a failed start. */
    said: () => (existsSync(output) ? readFileSync(output, 'utf8').slice(-3000) : ''),
    /** Ends it; it is gone when this returns. */
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}
