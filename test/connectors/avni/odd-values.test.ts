import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { ChangeSource, Context, SourceRecord, Unreadable } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import type { ApiKind, Shown } from '../../../src/simulators/avni/record.js';
import { iso, T } from '../../support/avni-visits.js';
import { oddValues } from '../../support/odd-values.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: AvniSimulator | undefined;
afterEach(async () => open?.close());
afterAll(() => http.close());

const TYPES = { subject: 'Beneficiary', enrolment: 'Nutrition', programEncounter: 'Growth monitoring', encounter: 'Health check' } as const;
const KINDS = Object.keys(TYPES) as ApiKind[];
const TYPE_FIELDS = { subject: 'Subject type', enrolment: 'Program', programEncounter: 'Encounter type', encounter: 'Encounter type' };
const OF_VISIT = ['Encounter date time', 'Earliest scheduled date', 'Cancel date time', 'cancelObservations'];
const FIELDS = {
  subject: ['Registration date', 'location', 'Location ID', 'encounters', 'enrolments', 'Groups'],
  enrolment: ['Subject ID', 'Enrolment datetime', 'Exit datetime', 'exitObservations', 'encounters'],
  programEncounter: ['Subject ID', 'Enrolment ID', 'Program', ...OF_VISIT],
  encounter: ['Subject ID', ...OF_VISIT],
};
const OF_ALL = [
  'ID',
  'External ID',
  'Voided',
  'observations',
  '__proto__',
  'audit',
  'audit.Created at',
  'audit.Last modified at',
  'audit.Created by',
  '',
];

function shown(path: string, value: unknown): Shown {
  if (path === '') return { whole: value };
  const name = path.replace('audit.', '');
  // As JSON has it: also where it is named `__proto__`.
  const members = Object.fromEntries([[name, value]]);
  return path.startsWith('audit.') ? { audit: members } : { members };
}

/** Good records and odd ones in turns, of one kind. */
async function world(kind: ApiKind, path: string) {
  const organisation = new AvniOrganisation();
  open = await startAvniSimulator({ organisation });
  const connector = avni.connect('avni', { url: open.url, auth: { userName: 'me' } }, { margin: 0 });
  const entityTypes = { Beneficiary: { subject: TYPES.subject } };
  const source = connector.source?.({ [kind]: TYPES[kind] }, { entityTypes });
  if (!source) throw new Error('Avni is a source');
  const subject = organisation.add('subject', TYPES.subject, { 'Subject type': TYPES.subject, observations: {} }, { stamp: T - 1 });
  const enrolment = organisation.add(
    'enrolment',
    TYPES.enrolment,
    { 'Subject ID': subject.id, Program: TYPES.enrolment, observations: {} },
    { stamp: T - 1 },
  );
  const body = { 'Subject ID': subject.id, 'Enrolment ID': enrolment.id, [TYPE_FIELDS[kind]]: TYPES[kind], observations: {} };
  const add = (n: number): string =>
    organisation.add(kind, TYPES[kind], kind === 'subject' ? { 'Subject type': TYPES.subject, observations: {} } : body, { stamp: T + n })
      .id;
  const good = [add(0)];
  const odd = oddValues().map(([, value], n) => {
    const id = add(2 * n + 1);
    organisation.show(id, shown(path, value));
    good.push(add(2 * n + 2));
    return id;
  });
  return { source, good, odd, subject: subject.id, last: iso(T + 2 * odd.length) };
}

async function changesOf(source: ChangeSource, last: string, limit: number) {
  const found: (SourceRecord | Unreadable)[] = [];
  let end = '';
  for await (const { records, bookmark } of source.changes({ v: 1, at: iso(T - 1) }, last, limit, c)) {
    found.push(...records);
    end = bookmark.at;
  }
  return { found, end };
}

describe.each(KINDS)('odd values in rows of Avni, %s', (kind) => {
  it.each([...OF_ALL, ...FIELDS[kind], TYPE_FIELDS[kind]])('“%s”: each is one record’s error, or harmless', async (path) => {
    const { source, good, odd, subject, last } = await world(kind, path);
    for (const limit of [200, 3]) {
      const { found, end } = await changesOf(source, last, limit);
      expect(end).toBe(last);
      // Each comes once, whatever it is known by; and those that are well come whole.
      expect(found).toHaveLength(good.length + odd.length);
      const read = found.filter((record): record is SourceRecord => !('error' in record));
      expect(read.map(({ id }) => id)).toEqual(expect.arrayContaining(good));
      for (const record of found) {
        if (!('error' in record)) continue;
        expect(record.error.code).toBe('Unreadable');
        expect(record.id === undefined || odd.includes(record.id)).toBe(true);
        expect(record.error.message.length).toBeLessThan(300);
      }
      const known = found.map(
        ({ id, ...record }) => id ?? `@${'stamp' in record ? record.stamp : ''}#${'slot' in record ? record.slot : ''}`,
      );
      expect(new Set(known).size).toBe(found.length);
    }
    const single = await source.fetch([...good, ...odd], c);
    for (const id of good) expect(single.get(id)).toMatchObject({ id, voided: false });
    for (const id of odd) expect(single.get(id)).toMatchObject({ id: expect.any(String) as unknown });
    if (kind !== 'subject') {
      const children: (string | undefined)[] = [];
      for await (const { id } of source.childrenOf?.({ entityType: 'Beneficiary', id: subject }, c) ?? []) children.push(id);
      expect(children).toEqual(expect.arrayContaining(good));
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['count']).toBeUndefined();
  });
});
