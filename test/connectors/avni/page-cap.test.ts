import { afterAll, describe, expect, it } from '@jest/globals';
import { changes } from '../../../src/connectors/avni/changes.js';
import { endpoints } from '../../../src/connectors/avni/endpoints.js';
import { AvniLister } from '../../../src/connectors/avni/lister.js';
import { AvniSession } from '../../../src/connectors/avni/session.js';
import type { Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { addVisits, iso, readPages, T } from '../../support/avni-visits.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
afterAll(() => http.close());

/** Takes down how many rows it asks for. */
class Recording extends AvniSession {
  readonly sizes = new Set<string | undefined>();

  override get(path: string, query: Record<string, string>, context: Context) {
    if ('size' in query) this.sizes.add(query['size']);
    return super.get(path, query, context);
  }
}

describe('a page larger than the server gives', () => {
  it.each([1001, 5000])('of %d rows is not asked for, and nothing is passed by', async (size) => {
    const organisation = new AvniOrganisation();
    const all = [...addVisits(organisation, 1500, (n) => T + n), ...addVisits(organisation, 1500, () => T + 9_000)];
    const simulator = await startAvniSimulator({ organisation });
    try {
      const session = new Recording({ url: simulator.url, auth: { userName: 'me' } });
      const lister = new AvniLister(session, endpoints.encounter, 'Visit');
      const { ids } = await readPages(changes(lister, null, iso(T + 10_000), size, c));
      expect([...ids].sort()).toEqual([...all].sort());
      const sizes = [...session.sizes].map(Number);
      expect(sizes.length).toBeGreaterThan(0);
      expect(Math.max(...sizes)).toBe(1000);
    } finally {
      await simulator.close();
    }
  });
});
