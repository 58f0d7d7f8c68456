import { describe, expect, it } from '@jest/globals';
import { InHand, type InHandState } from '../../src/sync/in-hand.js';
import type { Progress } from '../../src/model/progress.js';
import { fakeProcess } from '../support/sync/fake-process.js';

/** Twelve records, in pages of five, of which writing these takes the worker away. */
function process(killers: string[]) {
  const p = fakeProcess({ A: {} });
  for (let n = 0; n < 12; n += 1) p.system.put('A', `a${n}`);
  const write = p.destination.write.bind(p.destination);
  p.destination.write = (requests, ...rest) => {
    if (requests.some(({ origin }) => killers.includes(origin.id))) throw new Error('the worker is gone');
    return write(requests, ...rest);
  };
  return p;
}

/**
 * Runs until it ends by itself, each attempt from what the lost one's heartbeat said. @returns how
 * many workers were lost.
 */
async function untilDone(p: ReturnType<typeof process>): Promise<number> {
  let progress: Progress | undefined;
  let before: InHandState | undefined;
  for (let deaths = 0; deaths < 20; deaths += 1) {
    let told: InHandState | undefined;
    const inHand: InHand = new InHand(before, async () => void (told = inHand.state), deaths > 0);
    try {
      await p.sync('A', {
        limit: 5,
        inHand,
        onProgress: (next) => (progress = next),
        ...(progress ? { progress, after: progress.bookmark } : {}),
      });
      return deaths;
    } catch {
      // Of a record the heartbeat tells only once it was sent.
      before = told ?? (inHand.state && { place: inHand.state.place, deaths: inHand.state.deaths });
    }
  }
  throw new Error('It dies for ever');
}

describe('a record that kills its worker', () => {
  it('is an error of its own after three deaths, and everything else goes through', async () => {
    const p = process(['a7']);
    expect(await untilDone(p)).toBe(3);
    expect([...p.rows.rows].map(([key, { failure }]) => [key, failure?.error.errorType, failure?.error.then])).toEqual([
      ['A a7', 'RecordKillsWorker', 'wait-for-person'],
    ]);
    expect(p.destination.stored.size).toBe(11);
  });

  it('is found also where there are two in one page, and in two pages', async () => {
    for (const killers of [
      ['a6', 'a8'],
      ['a1', 'a11'],
    ]) {
      const p = process(killers);
      await untilDone(p);
      expect([...p.rows.rows.keys()].sort()).toEqual(killers.map((id) => `A ${id}`));
      expect(p.destination.stored.size).toBe(10);
    }
  });

  it('is not suspected for one or two deaths of its worker, nor another for what is tried behind it', async () => {
    const p = process([]);
    const write = p.destination.write.bind(p.destination);
    let lost = 2;
    p.destination.write = (requests, ...rest) => {
      if ((lost -= 1) >= 0) throw new Error('the worker is gone');
      return write(requests, ...rest);
    };
    expect(await untilDone(p)).toBe(2);
    expect([p.rows.rows.size, p.destination.stored.size]).toEqual([0, 12]);
  });
});
