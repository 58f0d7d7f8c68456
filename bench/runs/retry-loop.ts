// The loop one would write by hand to heal rows: fetches, writes, fetches and signals, 8 at a time.
// `node retry-loop.js <avni> <fhir> <temporal>`.
import { Client, Connection } from '@temporalio/client';
import got from 'got';
import pLimit from 'p-limit';
import { resourceId } from '../../src/connectors/derived-id.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { FLAT_PROCESS } from '../support/flat.js';
import { stopwatch } from '../support/stopwatch.js';

interface Row {
  ID: string;
  observations: Record<string, string>;
  audit: { 'Last modified at': string };
}

const [avni = '', fhir = '', address = ''] = process.argv.slice(2);
const connection = await Connection.connect({ address });
const client = new Client({ connection });
const limit = pLimit(8);
const taken = stopwatch();
const rows = await listRows(client, FLAT_PROCESS);
await Promise.all(rows.map(({ id, workflowId }) => limit(() => heal(id, workflowId))));
process.stdout.write(`${JSON.stringify({ ...taken(), rows: rows.length })}\n`);
await connection.close();

async function heal(id: string, workflowId: string): Promise<void> {
  const read = (): Promise<Row> => got(`${avni}/api/subject/${id}`, { searchParams: { version: 2 } }).json<Row>();
  const { ID, observations } = await read();
  const patient = {
    resourceType: 'Patient',
    id: resourceId('bench', 'Person', [], ID, 'main'),
    name: [{ family: observations['Last name'] }],
  };
  await got.put(`${fhir}/fhir/Patient/${patient.id}`, { json: patient });
  const stamp = (await read()).audit['Last modified at'];
  await client.workflow.getHandle(workflowId).signal('synced', { version: stamp, stamp, at: new Date().toISOString() });
}
