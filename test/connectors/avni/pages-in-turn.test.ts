import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { changes } from '../../../src/connectors/avni/changes.js';
import { endpoints } from '../../../src/connectors/avni/endpoints.js';
import { AvniLister } from '../../../src/connectors/avni/lister.js';
import { AvniSession } from '../../../src/connectors/avni/session.js';
import type { Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import type { HttpResponse } from '../../../src/http/http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { addVisits, iso, readPages, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: AvniSimulator | undefined;

afterEach(async () => {
  await open?.close();
});
afterAll(() => http.close());

type Query = Record<string, string>;
type Answer = () => Promise<HttpResponse>;

/**
 * Lets a test decide when, and as what, each request is answered; counts how many are in flight.
 */
class Watched extends AvniSession {
  inFlight = 0;
  most = 0;
  asked = 0;

  constructor(
    url: string,
    private readonly between: (query: Query, answer: Answer) => Promise<HttpResponse>,
  ) {
    super({ url, auth: { userName: 'me' } });
  }

  override async get(path: string, query: Query, context: Context): Promise<HttpResponse> {
    this.asked += 1;
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    try {
      return await this.between(query, () => super.get(path, query, context));
    } finally {
      this.inFlight -= 1;
    }
  }
}

const asIs = (_query: Query, answer: Answer): Promise<HttpResponse> => answer();

async function world(between: (query: Query, answer: Answer, organisation: AvniOrganisation) => Promise<HttpResponse> = asIs) {
  const organisation = new AvniOrganisation();
  open = await startAvniSimulator({ organisation });
  const session = new Watched(open.url, (query, answer) => between(query, answer, organisation));
  const lister = new AvniLister(session, endpoints.encounter, 'Visit');
  return { organisation, session, pages: (size: number) => changes(lister, null, iso(T + 900_000), size, c) };
}

describe('a long list of Avni', () => {
  it('is read two pages at a time, in order, each record once', async () => {
    const { organisation, session, pages } = await world();
    const all = addVisits(organisation, 1000, (n) => T + n);
    const { ids } = await readPages(pages(50));
    expect(ids).toEqual(all);
    expect(session.most).toBe(2);
    // Each page of 50 leaves its last record to the next one.
    expect(session.asked).toBeLessThanOrEqual(Math.ceil(1000 / 48) + 1);
  });

  it.each([2, 3, 7, 20])('is asked for no more pages where each %i records share a stamp', async (alike) => {
    const { organisation, session, pages } = await world();
    const all = addVisits(organisation, 1000, (n) => T + Math.floor(n / alike));
    const { ids } = await readPages(pages(50));
    expect([...ids].sort()).toEqual([...all].sort());
    // Two pages give 99 records, less those of the last stamp, which are left to the next two.
    expect(session.asked).toBeLessThanOrEqual(2 * Math.ceil(1000 / (99 - alike)) + 1);
  });

  it('is asked for one page at a time where no more than one is left', async () => {
    const { organisation, session, pages } = await world();
    addVisits(organisation, 98, (n) => T + n);
    await readPages(pages(50));
    expect([session.most, session.asked]).toEqual([1, 2]);
  });

  it.each([
    ['each its own', (n: number) => T + n],
    ['three alike', (n: number) => T + Math.floor(n / 3)],
    ['mostly alike', (n: number) => T + Math.floor(n / 11)],
  ])('loses none though records change between the first and the second of two pages, stamps %s', async (_stamps, stamp) => {
    let turn = 0;
    let firstIsMade: () => void = () => undefined;
    const { organisation, session, pages } = await world(async ({ page, lastModifiedDateTime = '' }, answer, changed) => {
      if (page !== '1') return answer().finally(firstIsMade);
      await new Promise<void>((resolve) => (firstIsMade = resolve));
      // One of the first page and some of later ones, so that the second begins further on; at
      // every third turn none of the first.
      const after = all.findIndex((id) => iso(stampOf(id)) > lastModifiedDateTime);
      for (const n of turn % 3 === 0 ? [60, 90] : [turn % 15, 25, 60]) changed.change(all[after + n] ?? '', {}, T + 2_000_000 + turn);
      turn += 1;
      return answer();
    });
    const stampOf = (id: string): number => organisation.get(id)?.stamp ?? 0;
    const all = addVisits(organisation, 600, stamp);
    for (const size of [13, 17, 20, 23, 29]) {
      const before = new Map(all.map((id) => [id, stampOf(id)]));
      const { ids } = await readPages(pages(size));
      const same = all.filter((id) => stampOf(id) === before.get(id));
      expect(same.filter((id) => stampOf(id) < T + 900_000 && !ids.includes(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect([session.most, turn > 9]).toEqual([2, true]);
  });

  it.each(['0', '1'])('loses none where many change after the server read page %s, and before it counts', async (raced) => {
    let all: string[] = [];
    const { organisation, pages } = await world(async ({ page, lastModifiedDateTime = '' }, answer, changed) => {
      const read = await answer();
      if (page !== raced || lastModifiedDateTime < iso(T + 40)) return read;
      for (const id of all.slice(40, -3)) changed.change(id, {}, T + 2_000_000);
      const { totalPages } = JSON.parse((await answer()).text) as { totalPages: number };
      return { ...read, text: JSON.stringify({ ...(JSON.parse(read.text) as object), totalPages }) };
    });
    all = addVisits(organisation, 200, (n) => T + n);
    const { ids } = await readPages(pages(20));
    expect(ids).toEqual(expect.arrayContaining([...all.slice(0, 40), ...all.slice(-3)]));
  });

  it('loses none where the record on which two pages would meet is gone in the meantime', async () => {
    let all: string[] = [];
    const { organisation, pages } = await world(async ({ page }, answer, changed) => {
      if (page === '1') changed.change(all[19 + 19] ?? '', {}, T + 2_000_000);
      return answer();
    });
    all = addVisits(organisation, 200, (n) => T + n);
    expect((await readPages(pages(20))).ids).toEqual(all.filter((_, n) => n !== 38));
  });

  const text = (status: number, body: string) => (): Promise<HttpResponse> =>
    Promise.resolve({ status, headers: {}, text: body } as unknown as HttpResponse);
  it.each([
    ['is refused', text(429, '')],
    ['fails with a stack trace', text(500, 'java.lang.NullPointerException')],
    ['is no JSON', text(200, '<html>')],
    ['lacks rows', text(200, JSON.stringify({ content: [], totalPages: 9, pageSize: 19 }))],
    ['has no answer', () => Promise.reject(new Error('reset'))],
  ])('is read page by page where a page beside another one %s', async (_what, answerAs) => {
    const { organisation, session, pages } = await world(({ page }, answer) => (page === '1' ? answerAs() : answer()));
    const all = addVisits(organisation, 200, (n) => T + n);
    expect((await readPages(pages(20))).ids).toEqual(all);
    // It is not tried again and again.
    expect(session.asked).toBeLessThanOrEqual(Math.ceil(200 / 19) + 3);
  });

  it('has no request in flight when its reading ends early', async () => {
    let answerSecond: () => void = () => undefined;
    const { organisation, session, pages } = await world(async ({ page }, answer) => {
      if (page === '1') await new Promise<void>((resolve) => (answerSecond = resolve));
      return answer();
    });
    addVisits(organisation, 200, (n) => T + n);
    const reading = pages(20);
    await reading.next();
    await reading.next();
    expect(session.inFlight).toBe(1);
    const ended = reading.return(undefined);
    answerSecond();
    await ended;
    expect(session.inFlight).toBe(0);
  });
});
