import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Context } from '../../src/connectors/connector.js';
import { differencesOf } from '../../src/cli/demo/compare/differences.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { freezePrototypes } from '../../src/model/freeze-prototypes.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import type { StoredRecord } from '../../src/simulators/avni/record.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { clinic } from '../support/clinic.js';
import { clinicExpectation } from '../support/clinic-compare/expected.js';
import { oddValues } from '../support/odd-values.js';
import { syncAll } from '../support/sync/sync-all.js';

const http = createHttp();
// As in a worker.
beforeAll(freezePrototypes);
afterAll(() => http.close());

/**
 * Records that are like one that is well, but for this value of one member, or of one observation.
 * @returns their ids
 */
function addOdd(organisation: AvniOrganisation, { kind, type, body }: StoredRecord, value: unknown): string[] {
  const observations = body['observations'] as Record<string, unknown>;
  const odd = [
    ...Object.keys(observations).map((name) => ({ ...body, observations: { ...observations, [name]: value } })),
    ...Object.keys(body).map((name) => ({ ...body, [name]: value })),
  ];
  return odd.map((each) => organisation.add(kind, type, each, { stamp: Date.now() - 60_000 }).id);
}

it.each([0, 1, 2, 3])(
  'whatever a record holds is its own error, or arrives and stays so (part %d)',
  async (part) => {
    const organisation = generateOrganisation({ seed: 5, records: 150 });
    const avni = await startAvniSimulator({ organisation, user: { username: 'integrator', password: 'secret-of-avni' } });
    const fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true });
    const c: Context = { signal: new AbortController().signal, http, log: silent };
    const isDone = ({ body }: StoredRecord): boolean => body['Encounter date time'] !== null && body['Cancel date time'] === null;
    const all = organisation
      .all()
      .filter((record) => !record.voided && (record.kind === 'subject' || record.kind === 'enrolment' || isDone(record)));
    const odd = new Set(
      ['subject', 'enrolment', 'programEncounter', 'encounter'].flatMap((kind) => {
        const [usual] = all.filter((record) => record.kind === kind);
        const values = oddValues().filter((_value, n) => n % 4 === part);
        return usual ? values.flatMap(([, value]) => addOdd(organisation, usual, value)) : [];
      }),
    );
    expect(odd.size).toBeGreaterThan(120);
    const active = await clinic(avni.url, fhir.url);
    const first = await syncAll(active, c);
    const told = Object.fromEntries(Object.entries(first).map(([name, { done, stopped }]) => [name, done ? 'done' : stopped?.code]));
    expect([...new Set(Object.values(told))]).toEqual(['done']);
    const good = organisation.all().filter(({ id }) => !odd.has(id));
    const ofGood = fhir.repository.all().filter(({ meta }) => !meta?.tag?.some(({ code }) => odd.has(code?.split('/').at(-1) ?? '')));
    expect(
      differencesOf(
        clinicExpectation,
        good.map(({ id: ID, ...record }) => ({ ID, ...record })),
        ofGood,
      ),
    ).toEqual([]);
    const second = await syncAll(active, c);
    for (const [name, { sheet }] of Object.entries(second))
      expect([name, sheet]).toMatchObject([name, { created: 0, updated: 0, removed: 0, errored: first[name]?.sheet.errored }]);
    await avni.close();
    await fhir.close();
  },
  120_000,
);
