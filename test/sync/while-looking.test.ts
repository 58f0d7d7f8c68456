import { describe, expect, it } from '@jest/globals';
import type { Context, Destination, Origin } from '../../src/connectors/connector.js';
import { silent } from '../../src/log.js';
import { whileLooking } from '../../src/sync/while-looking.js';

const c: Context = {
  signal: new AbortController().signal,
  http: { send: () => Promise.reject(new Error('no HTTP here')), close: () => undefined },
  log: silent,
};
const origins: Origin[] = [{ integration: 'i', process: 'p', entityType: 'A', id: '1' }];

describe('looking while a page is mapped', () => {
  let end: () => void = () => undefined;
  const events: string[] = [];
  const destination = {
    lookAhead: () => {
      events.push('look');
      return {
        ended: new Promise<void>((resolve) => {
          end = () => {
            events.push('looked');
            resolve();
          };
        }),
      };
    },
  } as Pick<Destination, 'lookAhead'> as Destination;

  it('begins before the work, which need not wait for it; and nothing is in flight when it ends, also by an error', async () => {
    for (const fails of [false, true]) {
      events.length = 0;
      const done = whileLooking(
        destination,
        origins,
        async (ahead) => {
          expect(ahead).toBeDefined();
          events.push('worked');
          if (fails) throw new Error('defect');
        },
        c,
      ).then(
        () => events.push('over'),
        () => events.push('failed'),
      );
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      expect(events).toEqual(['look', 'worked']);
      end();
      await done;
      expect(events).toEqual(['look', 'worked', 'looked', fails ? 'failed' : 'over']);
    }
  });

  it('is left out where there is nothing to look for', async () => {
    events.length = 0;
    await whileLooking(destination, [], async (ahead) => void expect(ahead).toBeUndefined(), c);
    expect(events).toEqual([]);
  });
});
