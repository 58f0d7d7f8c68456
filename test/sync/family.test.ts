import { afterAll, describe, expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import type { Bookmark, Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import type { SyncResult } from '../../src/model/progress.js';
import { syncChanges } from '../../src/sync/sync-changes.js';
import { clinicEnv, differences } from '../support/clinic.js';
import { copyClinic } from '../support/clinic-folder.js';
import { FakeRows } from '../support/sync/fake-rows.js';

const http = createHttp();
const c: Context = { signal: new AbortController().signal, http, log: silent };
afterAll(() => http.close());

const removing = ['Beneficiary', 'Enrolment'].map((name): [string, string] => [
  `      ${name}:\n`,
  `      ${name}:\n        whenVoided: remove\n        whenNoLonger: remove\n`,
]);

/**
 * The clinic over both systems, the destination refusing to delete what is referenced; each type
 * from where it got to.
 */
async function withClinic(edits: [string, string][], transactions: boolean, work: (clinic: Clinic) => Promise<void>): Promise<void> {
  const organisation = generateOrganisation({ seed: 5, records: 300 });
  const avni = await startAvniSimulator({ organisation });
  const fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true, transactions });
  const folder = await copyClinic(edits);
  try {
    const store = new IntegrationStore({ path: folder.path, connectorTypes, env: clinicEnv(avni.url, fhir.url), log: silent });
    const found = await store.find('clinic/maternal-health');
    if ('missing' in found) throw new Error(found.message);
    const { parts } = found.active;
    const rows = new FakeRows();
    const bookmarks: Record<string, Bookmark | null> = {};
    const sync: Clinic['sync'] = async (name) => {
      const type = parts[name];
      if (!type) throw new Error(name);
      const result = await syncChanges(
        type,
        {
          after: bookmarks[name] ?? null,
          until: new Date(Date.now() + 1).toISOString(),
          limit: 100,
          shouldYield: () => false,
          onProgress: () => undefined,
          rows: rows.open(),
          passed: Object.fromEntries(Object.keys(parts).map((each) => [each, bookmarks[each]?.at ?? null])),
        },
        c,
      );
      bookmarks[name] = result.bookmark;
      return result;
    };
    await work({
      organisation,
      sync,
      rows,
      wrong: () => [...differences(organisation, fhir.repository), ...rows.rows.keys()],
    });
  } finally {
    await folder.remove();
    await avni.close();
    await fhir.close();
  }
}

interface Clinic {
  organisation: ReturnType<typeof generateOrganisation>;
  rows: FakeRows;
  sync(name: string): Promise<SyncResult>;
  wrong(): string[];
}

const TYPES = ['Beneficiary', 'Enrolment', 'Growth', 'HealthCheck'];

describe.each([
  ['marked', [], true],
  ['removed', removing, true],
  ['removed one by one', removing, false],
] as const)('beneficiaries that are voided, and valid again, in a strict server: %s', (_how, edits, transactions) => {
  it('take their enrolments and visits along, there and back', async () => {
    await withClinic([...edits], transactions, async ({ organisation, sync, wrong }) => {
      for (const name of TYPES) expect((await sync(name)).stopped).toBeUndefined();
      expect(wrong()).toEqual([]);
      const people = organisation
        .all()
        .filter(({ kind, voided }) => kind === 'subject' && !voided)
        .slice(0, 30);
      for (const voided of [true, false]) {
        const stamp = Date.now();
        for (const { id } of people) organisation.change(id, { voided }, stamp);
        const { sheet, stopped } = await sync('Beneficiary');
        expect(stopped).toBeUndefined();
        expect(sheet).toMatchObject({ read: 30, errored: 0, held: 0, filtered: 0 });
        expect(sheet.brought > 0).toBe(!voided);
        expect(wrong()).toEqual([]);
      }
    });
  });
});

describe.each([true, false])('a type that is removed while its dependents stay, in a strict server (transactions: %s)', (transactions) => {
  it.each(['mark', 'keep'])('(%s) is told to have them removed too', async (stays) => {
    const edits: [string, string][] = [
      ['      Beneficiary:\n', '      Beneficiary:\n        whenVoided: remove\n'],
      ['      Enrolment:\n', `      Enrolment:\n        whenNoLonger: ${stays}\n`],
    ];
    await withClinic(edits, transactions, async ({ organisation, sync, rows }) => {
      for (const name of TYPES) await sync(name);
      const enrolled = organisation.all().find(({ kind, voided }) => kind === 'enrolment' && !voided);
      const id = String(enrolled?.body['Subject ID']);
      organisation.change(id, { voided: true }, Date.now());
      expect((await sync('Beneficiary')).sheet).toMatchObject({ read: 1, errored: 1 });
      expect(rows.rows.get(`Beneficiary ${id}`)?.failure?.error).toMatchObject({
        errorType: 'StillReferenced',
        status: 409,
        remedy: expect.stringContaining('Let the types that depend on it be removed too'),
      });
    });
  });
});
