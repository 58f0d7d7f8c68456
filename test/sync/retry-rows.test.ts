import { beforeEach, describe, expect, it } from '@jest/globals';
import { SystemFailure } from '../../src/errors/system-failure.js';
import type { RetryProgress } from '../../src/model/progress.js';
import { InHand, type InHandState } from '../../src/sync/in-hand.js';
import { retryRows, type RetryRowsWork } from '../../src/sync/retry-rows.js';
import { RaceWorld } from '../support/races/world.js';

const IDS = Array.from({ length: 100 }, (_, n) => `s${n}`);

let world: RaceWorld;
let told: RetryProgress[];

beforeEach(async () => {
  world = new RaceWorld();
  told = [];
  for (const [n, id] of IDS.entries()) {
    world.put('Subject', id, n + 1, { bad: n % 10 === 0 });
    await world.fails('Subject', id, n + 1);
  }
});

function retry(more: Partial<RetryRowsWork> = {}, ids = IDS) {
  const { rows, expectHealthy, now } = world.work;
  const work = { rows, expectHealthy, now, shouldYield: () => false, onProgress: (next: RetryProgress) => void told.push(next), ...more };
  return retryRows(ids, world.of('Subject'), work, world.context);
}

describe('a pass over errored records of one type', () => {
  it('tries all in the order given, some at a time, and tells of each some what came of it', async () => {
    const result = await retry();
    expect(result).toMatchObject({ done: 100, sheet: { tried: 100, healed: 90, failing: 10, gone: 0, released: 0 } });
    expect(told.map(({ done, sheet }) => [done, sheet.tried])).toEqual([
      [40, 40],
      [80, 80],
      [100, 100],
    ]);
    expect(world.writes.map((each) => each.split(' ')[1])).toEqual(IDS.filter((_id, n) => n % 10 !== 0));
    expect(world.rows.open.size).toBe(10);
  });

  it('gives way between some and the next, and goes on behind those that are done', async () => {
    const first = await retry({ shouldYield: () => true });
    expect([first.done, first.stopped, first.cancelled, world.rows.open.size]).toEqual([40, undefined, undefined, 64]);
    const { stopped: _stopped, ...progress } = first;
    world.writes.length = 0;
    expect(await retry({ progress })).toMatchObject({ done: 100, sheet: { tried: 100, healed: 90, failing: 10 } });
    expect(world.writes).toHaveLength(54);
  });

  it('counts the children that were released', async () => {
    world.put('Enrolment', 'e', 200, { parent: 's1' });
    await world.holds('Enrolment', 'e', 200, { entityType: 'Subject', id: 's1' });
    expect((await retry()).sheet).toMatchObject({ healed: 90, released: 1 });
    expect(world.destination.has('Enrolment e')).toBe(true);
  });

  it('gives a system’s failure back as data, with what was done before', async () => {
    world.step = async (call) => {
      if (call.startsWith('write Subject s41')) throw new SystemFailure({ code: 'Unreachable', message: 'm', remedy: 'r' });
    };
    expect(await retry()).toMatchObject({ done: 40, sheet: { tried: 40 }, stopped: { code: 'Unreachable', needs: 'system' } });
  });

  it('begins with none once it is cancelled', async () => {
    const aborted = new AbortController();
    const { rows, expectHealthy, now } = world.work;
    const work = { rows, expectHealthy, now, shouldYield: () => false, onProgress: () => aborted.abort() };
    const result = await retryRows(IDS, world.of('Subject'), work, { ...world.context, signal: aborted.signal });
    expect(result).toMatchObject({ done: 40, cancelled: true });
  });

  it('finds the one record that kills its worker, and tries all others', async () => {
    let before: InHandState | undefined;
    let progress: RetryProgress | undefined;
    world.step = async (call) => {
      if (/^write .*\bs53\b/.test(call)) throw new Error('the worker is gone');
    };
    for (let deaths = 0; deaths < 10; deaths += 1) {
      let sent: InHandState | undefined;
      const inHand: InHand = new InHand(before, async () => void (sent = inHand.state), deaths > 0);
      const onProgress = (next: RetryProgress): void => void (progress = next);
      try {
        await retry({ inHand, onProgress, ...(progress ? { progress } : {}) });
        expect(deaths).toBe(3);
        break;
      } catch {
        before = sent ?? inHand.state;
      }
    }
    expect(progress).toMatchObject({ done: 100, sheet: { tried: 100, healed: 89, failing: 11 } });
    expect(world.rows.get('Subject', 's53')).toMatchObject({ failure: { error: { errorType: 'RecordKillsWorker' } } });
  });
});
