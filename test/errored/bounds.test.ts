import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { builtInErrorTypes } from '../../src/errors/built-in.js';
import { classifier } from '../../src/errors/classify.js';
import { classified } from './support.js';
import type { WaitingChild } from '../../src/model/waiting-child.js';
import { parseRowMessage, type FailedMessage, type RowMessage } from '../../src/model/row-messages.js';

const NOW = '2026-01-01T00:00:00.000Z';
const failure: FailedMessage = { version: 'v', stamp: NOW, digest: 'd', error: classified, at: NOW, attempt: 1 };
const failed = (more: object): RowMessage => ({ kind: 'failed', ...failure, ...more });
const withError = (more: object): RowMessage => failed({ error: { ...classified, ...more } });
const children = (count: number, more: Partial<WaitingChild> = {}): WaitingChild[] =>
  Array.from({ length: count }, (_, index) => ({ entityType: 'B', id: `c${index}`, version: 'v', ...more }));
const long = 'x'.repeat(5_000);
const refusalOf = ({ kind, ...payload }: RowMessage): string | undefined => {
  const parsed = parseRowMessage(kind, payload, NOW);
  return 'refused' in parsed ? parsed.refused : undefined;
};

describe('a message to a row', () => {
  it.each<[string, RowMessage]>([
    ['errorType', withError({ errorType: 'x'.repeat(61) })],
    ['then', withError({ then: long })],
    ['code', withError({ code: long })],
    ['message', withError({ message: long })],
    ['remedy', withError({ remedy: long })],
    ['path', withError({ path: long })],
    ['expression', withError({ expression: long })],
    ['status', withError({ status: '422' })],
    ['status', withError({ status: null })],
    ['status', withError({ status: Number.NaN })],
    ['kept', withError({ kept: { a: long } })],
    ['kept', withError({ kept: { [long]: 'a' } })],
    ['kept', withError({ kept: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, ''])) })],
    ['version', failed({ version: long })],
    ['digest', failed({ digest: long })],
    ['link', failed({ link: long })],
    ['version', { kind: 'synced', version: long, stamp: NOW, at: NOW }],
    ['released.0.version', { kind: 'synced', version: 'v', stamp: NOW, at: NOW, released: children(1, { version: long }) }],
    ['released', { kind: 'gone', at: NOW, released: children(4_001) }],
    ['children.0.id', { kind: 'waiting', at: NOW, children: children(1, { id: long }) }],
    ['children.0.entityType', { kind: 'waiting', at: NOW, children: children(1, { entityType: long }) }],
    ['children', { kind: 'waiting', at: NOW, children: children(2_001) }],
  ])('is refused for its %s', (part, message) => {
    expect(refusalOf(message)).toContain(part);
  });

  it('is taken as long as the engine makes it at most', () => {
    const error = classifier(
      [{ name: 'N'.repeat(60), matches: '(?<all>.*)', keep: ['all'], then: 'retry', remedy: long }],
      'retry',
    )({ code: long, message: long, remedy: long, status: 422, path: long, expression: long, detail: '😀'.repeat(9_000) });
    expect(error.message.length).toBeGreaterThan(1_000);
    expect(refusalOf(failed({ error, digest: 'a'.repeat(64) }))).toBeUndefined();
    expect(refusalOf(failed({ retryAt: NOW, ignore: true, link: 'https://x' }))).toBeUndefined();
    expect(refusalOf({ kind: 'waiting', at: NOW, children: children(1_000) })).toBeUndefined();
    expect(refusalOf({ kind: 'synced', version: 'v', stamp: NOW, at: NOW, released: children(2_500) })).toBeUndefined();
    expect(refusalOf({ kind: 'synced', version: 'v', stamp: NOW, at: NOW, released: 'all' })).toBeUndefined();
    const names = [...builtInErrorTypes, ...Object.values(connectorTypes).flatMap((type) => type.errorTypes ?? [])].map(({ name }) => name);
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => refusalOf(withError({ errorType: name })) !== undefined)).toEqual([]);
  });
});
