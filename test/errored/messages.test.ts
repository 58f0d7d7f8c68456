import { describe, expect, it } from '@jest/globals';
import { classified } from './support.js';
import { parseRowMessage } from '../../src/model/row-messages.js';

const NOW = '2026-01-01T00:00:00.000Z';
const failed = { version: 'v', stamp: NOW, digest: 'd', error: classified, at: NOW, attempt: 1 };
const bare = [undefined, null, 'text', 5, true, [], [failed], {}];

describe('messages to an errored record', () => {
  it('takes what the engine sends as it is', () => {
    expect(parseRowMessage('failed', { ...failed, retryAt: NOW, ignore: true, link: 'https://x' }, NOW)).toMatchObject({
      kind: 'failed',
      retryAt: NOW,
    });
    expect(parseRowMessage('synced', { version: 'v', stamp: NOW, at: NOW, released: 'all' }, NOW)).toMatchObject({ released: 'all' });
    expect(parseRowMessage('gone', { at: NOW }, NOW)).toEqual({ kind: 'gone', at: NOW });
    expect(parseRowMessage('waiting', { at: NOW, children: [] }, NOW)).toMatchObject({ children: [] });
  });

  it('refuses any other shape, in words', () => {
    const wrong: Record<'failed' | 'synced' | 'gone' | 'waiting', unknown[]> = {
      failed: [
        ...Object.keys(failed).map((name) => ({ ...failed, [name]: undefined })),
        ...Object.keys(failed).map((name) => ({ ...failed, [name]: { odd: 1 } })),
        { ...failed, attempt: 0 },
        { ...failed, attempt: 1.5 },
        { ...failed, stamp: '2026-01-01' },
        { ...failed, retryAt: 'tomorrow' },
        { ...failed, ignore: 'yes' },
        { ...failed, waits: 'yes' },
        { ...failed, link: 5 },
        ...['errorType', 'then', 'code', 'message', 'remedy'].map((name) => ({ ...failed, error: { ...classified, [name]: 5 } })),
        { ...failed, error: { ...classified, kept: 'text' } },
        { ...failed, error: { ...classified, kept: { a: {} } } },
        { ...failed, error: { ...classified, path: {} } },
      ],
      synced: [
        { version: 'v', at: NOW },
        { version: 5, stamp: NOW, at: NOW },
        { version: 'v', stamp: NOW, at: NOW, released: 'some' },
      ],
      gone: [{ at: 'now' }, { at: NOW, released: [{ entityType: 'A' }] }, { at: NOW, released: [null] }],
      waiting: [{ at: NOW }, { at: NOW, children: [5] }, { at: NOW, children: { length: 1 } }],
    };
    for (const [kind, payloads] of Object.entries(wrong))
      for (const payload of [...bare, ...payloads])
        expect([kind, payload, parseRowMessage(kind as keyof typeof wrong, payload, NOW)]).toEqual([
          kind,
          payload,
          { refused: expect.stringMatching(new RegExp(`^${kind}(:| takes)`)) },
        ]);
  });

  it('takes retry without anything, as the batch command of the temporal CLI sends it', () => {
    for (const nothing of [undefined, null, {}]) expect(parseRowMessage('retry', nothing, NOW)).toEqual({ kind: 'retry', at: NOW });
    expect(parseRowMessage('retry', { by: 'Asha', reason: 'village added' }, NOW)).toEqual({
      kind: 'retry',
      at: NOW,
      by: 'Asha',
      reason: 'village added',
    });
  });

  it('refuses to ignore without a reason, and says how', () => {
    for (const payload of [undefined, null, {}, { by: 'Asha' }, { reason: '' }, { reason: ' \n' }])
      expect(parseRowMessage('ignore', payload, NOW)).toEqual({ refused: expect.stringContaining('{"reason": "…"') });
  });

  it('refuses decisions of an unknown shape', () => {
    for (const kind of ['retry', 'ignore'] as const)
      for (const payload of ['text', 5, [], { reason: 5 }, { by: {} }, { reson: 'x' }])
        expect(parseRowMessage(kind, payload, NOW)).toEqual({ refused: expect.stringContaining(kind) });
  });

  it('cuts long text', () => {
    const message = parseRowMessage('ignore', { reason: 'r'.repeat(10_000), by: 'b'.repeat(10_000) }, NOW);
    expect(message).toMatchObject({ reason: 'r'.repeat(500), by: 'b'.repeat(500) });
    const refused = parseRowMessage('ignore', { ['x'.repeat(10_000)]: 1 }, NOW);
    expect('refused' in refused && refused.refused.length).toBeLessThan(100);
  });
});
