import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { Bookmark, ChangeSource, Context, SourceRecord, Unreadable } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const open: Pick<AvniSimulator, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

const T = Date.UTC(2026, 0, 1);
const at = (n: number): string => new Date(T + n * 1000).toISOString();

async function world() {
  const organisation = new AvniOrganisation();
  const simulator = await startAvniSimulator({ organisation });
  open.push(simulator);
  const connector = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 10_000 });
  const source = connector.source?.({ encounter: 'Visit', approval: true }, { entityTypes: {} });
  if (!source) throw new Error('Avni is a source');
  const visit = (type: string, n: number): string =>
    organisation.add('encounter', type, { 'Encounter type': type, observations: {} }, { stamp: T + n * 1000 }).id;
  const decide = (id: string, status: string, n: number, kind = 'Encounter'): void =>
    void organisation.add(
      'approvalStatus',
      kind,
      { 'Entity ID': id, 'Entity type': kind, 'Approval status': status, 'Status date time': at(n) },
      { stamp: T + n * 1000 },
    );
  return { organisation, source, visit, decide };
}

async function read(source: ChangeSource, after: Bookmark | null, until: string) {
  const given: (SourceRecord | Unreadable)[] = [];
  let bookmark = after;
  for await (const page of source.changes(after, until, 2, c)) {
    given.push(...page.records);
    bookmark = JSON.parse(JSON.stringify(page.bookmark)) as Bookmark;
  }
  return { given: given.map((each) => [each.id, 'version' in each && each.version, statusOf(each)]), bookmark };
}

function statusOf(record: SourceRecord | Unreadable): unknown {
  if (!('body' in record)) return record.error.code;
  return (record.body as { Approval?: Record<string, unknown> }).Approval?.['Approval status'];
}

describe('a record with its approval status', () => {
  it('has the latest one, comes anew with each, and none of another type or kind comes along', async () => {
    const { source, visit, decide } = await world();
    const [waiting, decided, other] = [visit('Visit', 1), visit('Visit', 2), visit('Camp', 3)];
    decide(decided, 'Pending', 4);
    decide(other, 'Approved', 5);
    decide('some-subject', 'Approved', 6, 'Subject');
    decide(decided, 'Approved', 7);
    const first = await read(source, null, at(20));
    expect(first).toEqual({
      given: [
        [waiting, at(1), undefined],
        [decided, at(7), 'Approved'],
      ],
      bookmark: { v: 1, at: at(20) },
    });
    decide(waiting, 'Rejected', 25);
    expect(await source.hasChanges(first.bookmark, at(24), c)).toBe(false);
    expect(await source.hasChanges(first.bookmark, at(25), c)).toBe(true);
    expect((await read(source, first.bookmark, at(30))).given).toEqual([[waiting, at(25), 'Rejected']]);
    const fetched = await source.fetch([waiting, decided], c);
    expect([...fetched.values()].map(statusOf)).toEqual(['Rejected', 'Approved']);
  });

  it('is told by the time of the decision, whichever reached the server first', async () => {
    const { organisation, source, visit } = await world();
    const id = visit('Visit', 1);
    for (const [status, decided, stamped] of [
      ['Approved', 9, 10],
      ['Pending', 2, 12],
    ] as const) {
      const body = { 'Entity ID': id, 'Entity type': 'Encounter', 'Approval status': status, 'Status date time': at(decided) };
      organisation.add('approvalStatus', 'Encounter', body, { stamp: T + stamped * 1000 });
    }
    const { given } = await read(source, null, at(20));
    expect(given.at(-1)?.[2]).toBe('Approved');
  });

  it('is not of a location', () => {
    const { issues = [] } = avni.sourceSettings?.safeParse({ location: 'Village', approval: true }).error ?? {};
    expect(issues.map(({ path }) => path)).toEqual([['approval']]);
  });
});
