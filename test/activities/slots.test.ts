import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Slots } from '../../activities/slots.js';
import type { WorkContext } from '../../activities/work-context.js';
import { Cancelled } from '../../src/errors/system-failure.js';
import { until } from '../support/until.js';

/** An activity that works, or waits for an answer for so many milliseconds so far. */
function holder(waitsMs?: number, signal = new AbortController().signal): Pick<WorkContext, 'http' | 'signal'> {
  const longest = waitsMs === undefined ? undefined : { what: 'GET http://a', ms: waitsMs };
  return { http: { longest } as WorkContext['http'], signal };
}

/** Runs until `end` is called. */
function work(slots: Slots, as: ReturnType<typeof holder>) {
  const held = { begun: false, end: (): void => undefined };
  const done = slots.run(as, () => {
    held.begun = true;
    return new Promise<void>((resolve) => (held.end = resolve));
  });
  return { held, done };
}

describe('slots for work', () => {
  it('let so many work at once, and the next one once one of them ends', async () => {
    const slots = new Slots(2);
    const all = [holder(), holder(), holder()].map((each) => work(slots, each));
    await pause(250);
    expect(all.map(({ held }) => held.begun)).toEqual([true, true, false]);
    all[0]?.held.end();
    await until('the third begins', () => all[2]?.held.begun);
    for (const { held } of all) held.end();
    await Promise.all(all.map(({ done }) => done));
  });

  it('are held by none that wait for a system', async () => {
    const slots = new Slots(2);
    const hung = Array.from({ length: 20 }, () => work(slots, holder(30_000)));
    const healthy = work(slots, holder());
    await until('the healthy one works', () => healthy.held.begun);
    expect(hung.every(({ held }) => held.begun)).toBe(true);
    for (const { held } of [...hung, healthy]) held.end();
    await Promise.all([...hung, healthy].map(({ done }) => done));
  });

  it('keep nobody waiting who is cancelled', async () => {
    const slots = new Slots(1);
    const end = new AbortController();
    const first = work(slots, holder());
    const second = work(slots, holder(undefined, end.signal));
    end.abort();
    await expect(second.done).rejects.toBeInstanceOf(Cancelled);
    first.held.end();
    await first.done;
  });
});
