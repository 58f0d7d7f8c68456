import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { avni } from '../../../src/connectors/avni/index.js';
import type { ChangeSource, Context } from '../../../src/connectors/connector.js';
import { Cancelled, SystemFailure } from '../../../src/errors/system-failure.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { freezePrototypes } from '../../../src/model/freeze-prototypes.js';
import { startAvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { startAlteringFront } from '../../support/altering-front.js';
import { iso, T } from '../../support/avni-visits.js';
import { oddAnswers, placesIn, SENTINEL } from '../../support/odd-answers.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
// As in a worker.
beforeAll(freezePrototypes);
afterAll(() => http.close());

const USER = { username: 'integrator', password: 'secret' };

/** What Avni is asked beside its records, and what is done then. */
const answers: Record<string, { path: string; work(source: ChangeSource): Promise<unknown> }> = {
  'the names of types, before a look': { path: '/web/operationalModules', work: (source) => source.hasChanges(null, iso(T), c) },
  'the names of types, when it is checked': { path: '/web/operationalModules', work: async (source) => source.check?.(c, []) },
  'a concept': { path: '/web/concept', work: async (source) => source.check?.(c, ['Weight', 'Household » Water source', 'Nothing']) },
  'the sign-in': { path: '/api/user/generateToken', work: (source) => source.hasChanges(null, iso(T), c) },
};

describe.each(Object.entries(answers))('odd answers of Avni: %s', (_name, { path, work }) => {
  it('each is a failure in words, or harmless', async () => {
    const simulator = await startAvniSimulator({ organisation: new AvniOrganisation(), user: USER });
    const front = await startAlteringFront(simulator.url);
    const run = (by: (text: string) => string): Promise<unknown> => {
      front.alter = { hits: (request) => request.path === path, by };
      const connector = avni.connect('avni', { url: front.url, auth: USER }, { margin: 0 });
      const source = connector.source?.({ subject: 'Beneficiary' }, { entityTypes: {} });
      if (!source) throw new Error('Avni is a source');
      return work(source);
    };
    let usual = '';
    await run((text) => (usual = text === '' ? usual : text));
    expect(usual).toMatch(/^\{/);
    const wrong: string[] = [];
    for (const [n, place] of placesIn(JSON.parse(usual)).entries())
      for (const [m, [what, make]] of oddAnswers(usual, place).entries()) {
        if ((n + m) % 15 > 0 && place.length > 1) continue;
        const odd = make();
        const told = await run((text) => (text === '' ? text : odd)).catch((error: unknown) => {
          if (error instanceof SystemFailure) return { code: error.code, message: error.message, remedy: error.remedy };
          return error instanceof Cancelled ? 'cancelled' : `throws ${String(error)}`;
        });
        const text = JSON.stringify(told) ?? '';
        const isWell = text === 'false' || text.startsWith('{') || text === '';
        // Names of types and concepts are no person's, and are shown, cut.
        const shows = path !== '/web/operationalModules' && text.includes(SENTINEL);
        if (!isWell || shows || text.length > 5_000) wrong.push(`${place.join('.')} ${what}: ${text.slice(0, 300)}`);
      }
    await front.close();
    await simulator.close();
    expect(wrong).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 300_000);
});

it('a page of which no row lies in the window is no page of it: it fails in words, and nothing is passed by', async () => {
  const organisation = new AvniOrganisation();
  const { id } = organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations: {} }, { stamp: T });
  const simulator = await startAvniSimulator({ organisation });
  const connector = avni.connect('avni', { url: simulator.url, auth: { userName: 'me' } }, { margin: 0 });
  for (const at of [iso(T - 1), iso(T + 2), '1900-01-01T00:00:00.000Z', '2999-12-31T23:59:59.999Z', '2026-01-01T05:30:00.001+05:30']) {
    organisation.show(id, { audit: { 'Last modified at': at } });
    const bookmarks: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const { bookmark } of connector.source?.({ subject: 'Beneficiary' })?.changes({ v: 1, at: iso(T - 1) }, iso(T), 10, c) ??
        [])
        bookmarks.push(bookmark.at);
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'BadResponse',
      message: expect.stringContaining('outside the window') as unknown,
    });
    expect(bookmarks).toEqual([]);
  }
  await simulator.close();
});
