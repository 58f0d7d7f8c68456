import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import type { MapTask } from '../../../src/mapping/threads/messages.js';
import { HOSTILE_NAMES } from '../../support/hostile-names.js';

const ENTRY = new URL('../../../dist/src/mapping/threads/map-thread.js', import.meta.url);

/**
 * A thread as the pool starts it, which then says what it gave and which prototypes are frozen
 * there.
 */
const CODE = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.entry).then(async ({ default: work }) => {
  const { results } = await work(workerData.task);
  const frozen = [Object, Function, Map, Error, Promise].map(({ prototype }) => Object.isFrozen(prototype));
  parentPort.postMessage({ results, frozen, sealed: Object.isSealed(Array.prototype) });
});`;

describe('a thread that maps', () => {
  it('has frozen prototypes, and maps what is named like their members', async () => {
    const main = `{ ${HOSTILE_NAMES.map((name) => `"${name}x": observations.\`${name}\`, "${name}": 1`).join(', ')} }`;
    const definition = {
      dependsOn: {},
      parents: {},
      map: { main },
      concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
      to: { keys: {} },
    } as const;
    const observations = Object.fromEntries(HOSTILE_NAMES.map((name) => [name, name]));
    const task: MapTask = {
      mapping: 'digest',
      kept: new Map([
        ['digest', { definition: { ...definition, concepts: { in: ['observations'], unmapped: 'report', ignore: [] } }, tables: [] }],
      ]),
      bodies: [JSON.stringify({ observations })],
      items: [{ work: 'map', body: 0 }],
      inHand: new Int32Array(new SharedArrayBuffer(4)),
      slice: 5_000,
    };
    const thread = new Worker(CODE, { eval: true, workerData: { entry: ENTRY.href, task } });
    try {
      const [{ results, frozen, sealed }] = (await once(thread, 'message')) as [{ results: string[]; frozen: boolean[]; sealed: boolean }];
      expect({ frozen, sealed }).toEqual({ frozen: [true, true, true, true, true], sealed: true });
      const { value } = JSON.parse(results[0] ?? '') as { value: { resources: { main: object }; unmapped: string[] } };
      expect(value.unmapped).toEqual([]);
      const given = new Map(Object.entries(value.resources.main));
      for (const name of HOSTILE_NAMES) {
        expect(given.get(`${name}x`)).toBe(name);
        if (name !== '__proto__') expect(given.get(name)).toBe(1);
      }
    } finally {
      await thread.terminate();
    }
  });
});
