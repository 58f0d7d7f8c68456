import { describe, expect, it } from '@jest/globals';
import { idle } from '../support/fake-activities.js';
import { withProcess } from '../support/process-harness.js';

describe('a process that was paused', () => {
  it('goes on resting where resume is not understood, and says so', async () => {
    await withProcess(idle, async ({ start, reaches, status }) => {
      const handle = await start();
      await handle.signal('pause');
      await reaches('paused', (s) => s.state === 'paused');
      for (const [wrong, why] of [
        ['now', 'resume takes'],
        [{ onyl: true }, 'knows no "onyl"'],
        [{ errorsOnly: 'yes' }, '"errorsOnly" must be'],
      ] as const) {
        await handle.signal('resume', wrong);
        await reaches(`ignored ${why}`, (s) => s.notes.some((note) => note.includes(why)));
        expect((await status()).state).toBe('paused');
      }
      await handle.signal('resume', null);
      await reaches('goes on', (s) => s.state === 'idle');
    });
  });
});
