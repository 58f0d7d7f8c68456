// The loop that one would write by hand: follows next links, then looks each up and writes it, 8 at
// a time: `node loop-to-avni.js <fhir> <avni>`.
import { Agent } from 'node:http';
import got from 'got';
import pLimit from 'p-limit';
import { resourceId } from '../../src/connectors/derived-id.js';
import { SUBJECT } from '../support/results.js';
import { stopwatch } from '../support/stopwatch.js';

interface Observation {
  id: string;
  effectiveDateTime: string;
  valueInteger: number;
}

interface Bundle {
  entry?: { resource: Observation }[];
  link?: { relation: string; url: string }[];
}

const [fhir = '', avni = ''] = process.argv.slice(2);
const client = got.extend({ agent: { http: new Agent({ keepAlive: true }) }, retry: { limit: 0 }, throwHttpErrors: false });
const limit = pLimit(8);
process.stdout.write(`${JSON.stringify([await run(false), await run(true)])}\n`);

async function run(writes: boolean): Promise<object> {
  const taken = stopwatch();
  let read = 0;
  let next: string | undefined = `${fhir}/fhir/Observation?_lastUpdated=ge1970-01-01&_sort=_lastUpdated&_count=200`;
  while (next !== undefined) {
    const { entry = [], link = [] }: Bundle = await client(next).json<Bundle>();
    if (writes) await Promise.all(entry.map(({ resource }) => limit(() => write(resource))));
    read += entry.length;
    next = nextOf(link);
  }
  return { ...taken(), sheet: { read } };
}

function nextOf(links: NonNullable<Bundle['link']>): string | undefined {
  const url = links.find(({ relation }) => relation === 'next')?.url;
  return url === undefined ? undefined : new URL(url, `${fhir}/fhir/`).href;
}

async function write({ id, effectiveDateTime, valueInteger }: Observation): Promise<void> {
  const externalId = resourceId('loop', 'Result', [], id, 'main');
  const headers = { 'user-name': 'bench' };
  await client(`${avni}/api/encounter/${externalId}`, { headers });
  const json = {
    ...{ 'External ID': externalId, 'Encounter type': 'Health check', 'Subject ID': SUBJECT },
    ...{ 'Encounter date time': effectiveDateTime, observations: { Systolic: valueInteger }, cancelObservations: {} },
  };
  const { statusCode } = await client.post(`${avni}/api/encounter`, { headers, json });
  if (statusCode !== 200) throw new Error(`Avni answered ${statusCode}`);
}
