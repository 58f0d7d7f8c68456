// `npm run demo`: makes a fresh clone ready and runs the demo, in one process, so that whoever ends it ends all of it.
import { pid, ppid } from 'node:process';

// npm passes a signal on to the shell between the two alone, which keeps it to itself: this process then gets another parent.
if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(watch);
    process.kill(pid, 'SIGTERM');
  }, 300);
  watch.unref();
}
await import('./setup.mjs');
const { main } = await import('../dist/src/cli/main.js');
const [node, , ...args] = process.argv;
process.exitCode = await main([node, 'sangam', 'demo', ...args]);
