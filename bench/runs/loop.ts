// The loop that one would write by hand: reads a page, maps it in plain code, then writes it with
// got, 8 at a time. `node loop.js <avni> <fhir> <page>`.
import { Agent } from 'node:http';
import got from 'got';
import pLimit from 'p-limit';
import { resourceId } from '../../src/connectors/derived-id.js';
import { stopwatch } from '../support/stopwatch.js';

interface Row {
  ID: string;
  observations: Record<string, string>;
  location: Record<string, string>;
}

const [avni = '', fhir = '', size = ''] = process.argv.slice(2);
const client = got.extend({ agent: { http: new Agent({ keepAlive: true }) }, retry: { limit: 0 } });
const limit = pLimit(8);
const taken = stopwatch();
let read = 0;
for (let page = 0; ; page += 1) {
  const { content, totalPages } = await client(`${avni}/api/subjects`, {
    searchParams: {
      subjectType: 'Person',
      lastModifiedDateTime: '1970-01-01T00:00:00Z',
      now: '2026-01-01T00:00:00Z',
      page,
      size,
      version: 2,
    },
  }).json<{ content: Row[]; totalPages: number }>();
  const patients = content.map(patientOf);
  await Promise.all(patients.map((patient) => limit(() => client.put(`${fhir}/fhir/Patient/${patient.id}`, { json: patient }))));
  read += content.length;
  if (page + 1 >= totalPages) break;
}
process.stdout.write(`${JSON.stringify({ ...taken(), sheet: { read } })}\n`);

function patientOf({ ID, observations, location }: Row): { id: string } & Record<string, unknown> {
  const phone = observations['Phone number'];
  return {
    resourceType: 'Patient',
    id: resourceId('bench', 'Person', [], ID, 'main'),
    identifier: [{ system: 'urn:avni:subject', value: ID }],
    active: true,
    name: [{ given: [observations['First name']], family: observations['Last name'] }],
    gender: observations['Gender'] === 'Female' ? 'female' : 'male',
    birthDate: observations['Date of birth'],
    ...(phone !== undefined ? { telecom: [{ system: 'phone', value: phone }] } : {}),
    address: [{ city: location['Village'], district: location['District'], state: location['State'], country: 'IN' }],
  };
}
