import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { createHttp } from '../../src/http/create-http.js';
import { ExactNumber } from '../../src/json/exact-number.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { syncAll } from '../support/sync/sync-all.js';
import { isWrite } from '../support/is-write.js';

const definition = `
integration: cards
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${FHIR_URL}" }
processes:
  all:
    every: 1 minute
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, resources: [Patient, Observation], key: { main: { system: "urn:card", value: "$string(observations.Card)" } } }
        map:
          main: '{ "resourceType": "Patient", "name": [{ "text": observations.Card & "" }] }'
          weight: |
            { "resourceType": "Observation", "status": "final", "code": { "text": "w" }, "subject": $ref("main"),
              "valueQuantity": { "value": observations.Weight, "unit": "kg" } }
          children: |
            $exists(observations.Children) ? { "resourceType": "Observation", "status": "final", "code": { "text": "c" },
              "subject": $ref("main"), "valueInteger": observations.Children }
`;

const number = (text: string): ExactNumber => new ExactNumber(text);

it('carries long numbers of Avni to FHIR with each of their digits, and keeps what R4 cannot hold an error of its record', async () => {
  const organisation = new AvniOrganisation();
  const avni = await startAvniSimulator({ organisation });
  const fhir = await startFhirSimulator();
  const folder = await mkdtemp(join(tmpdir(), 'sangam-numbers-'));
  const http = createHttp();
  try {
    const people: [card: unknown, weight: unknown, children?: unknown][] = [
      [number('12345678901234567890'), number('0.1234567890123456789')],
      [number('12345678901234567891'), 1.5],
      [number('4111111111111111'), number('12345678901234567890')],
      [number('4111111111111112'), number('1e5')],
      ['12345678901234567892', number('1.10')],
      [12, 3, number('12345678901234567890')],
    ];
    for (const [Card, Weight, Children] of people)
      organisation.add('subject', 'Person', { observations: { Card, Weight, ...(Children === undefined ? {} : { Children }) } });
    await writeFile(join(folder, 'cards.yaml'), definition);
    const env = { AVNI_URL: avni.url, FHIR_URL: `${fhir.url}/fhir` };
    const found = await new IntegrationStore({ path: folder, connectorTypes, env, log: silent }).find('cards/all');
    if ('missing' in found) throw new Error(found.message);
    const c = { signal: new AbortController().signal, http, log: silent };

    const { Person: first } = await syncAll(found.active, c);
    expect(first?.sheet).toMatchObject({ read: 6, created: 5, errored: 1 });
    const cards = ['12345678901234567890', '12345678901234567891', '4111111111111111', '4111111111111112', '12345678901234567892'];
    const patients = fhir.repository.all('Patient');
    expect(patients.map(({ identifier }) => identifier)).toEqual(cards.map((value) => [{ system: 'urn:card', value }]));
    expect(patients.map(({ name }) => name)).toEqual(cards.map((text) => [{ text }]));

    const stored = await (await fetch(`${fhir.url}/fhir/Observation?_count=100`)).text();
    const weights = [...stored.matchAll(/"value":([^,}]*)/g)].map(([, digits]) => digits);
    expect(weights).toEqual(['0.1234567890123456789', '1.5', '12345678901234567890', '100000', '1.1']);

    // Compared by value, also where the server keeps more of the precision.
    const before = fhir.requests.length;
    const again = await syncAll(found.active, c);
    expect(again['Person']?.sheet).toMatchObject({ unchanged: 5, updated: 0, errored: 1 });
    expect(fhir.requests.slice(before).filter(isWrite)).toEqual([]);
  } finally {
    http.close();
    await rm(folder, { recursive: true });
    await avni.close();
    await fhir.close();
  }
});
