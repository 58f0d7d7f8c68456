// What ten resources of ten items cost against ten that are named, on one core, without threads:
// `node each.js <turns>`. Of each turn it gives microseconds a record: `fixed` maps none of them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import type { Mapping } from '../../src/mapping/mapping.js';
import { getOwn } from '../../src/model/keyed.js';
import { flatEnv } from '../support/flat.js';

const ITEMS = 10;
const RECORDS = 4_000;
const [turns = '3'] = process.argv.slice(2);

const numbers = Array.from({ length: ITEMS }, (_each, index) => index);
const resource = (value: string): string =>
  `{ "resourceType": "Observation", "status": "final", "code": { "text": ${value}.Name }, "valueQuantity": { "value": ${value}.Value } }`;
const typeOf = (name: string, map: string): string => `
      ${name}:
        from: { system: avni, subject: ${name} }
        to: { system: emr, resources: [Observation] }
        map:
${map}`;
const definition = `integration: bench
systems:
  avni: { connector: avni, url: "\${BENCH_AVNI}", auth: { userName: bench } }
  emr: { connector: fhir, url: "\${BENCH_FHIR}", auth: { token: "\${BENCH_TOKEN}" } }
processes:
  each:
    every: 1 hour
    entityTypes:${typeOf('Fixed', "          none: 'observations.Nothing'")}${typeOf(
      'Named',
      numbers.map((index) => `          n${index}: '${resource(`observations.Row${index}`)}'`).join('\n'),
    )}${typeOf('Each', `          row: { each: observations.Rows, id: Name, resource: '${resource('$')}' }`)}
`;

const folder = await mkdtemp(join(tmpdir(), 'sangam-bench-'));
await writeFile(join(folder, 'bench.yaml'), definition);
const env = flatEnv('http://127.0.0.1:1', 'http://127.0.0.1:1');
const found = await new IntegrationStore({ path: folder, connectorTypes, env, log: silent }).find('bench/each');
await rm(folder, { recursive: true, force: true });
if ('missing' in found) throw new Error(found.message);
const { parts } = found.active;

const bodies = Array.from({ length: RECORDS }, (_each, record) => {
  const rows = numbers.map((index) => ({ Name: `Row ${index}`, Value: record + index }));
  const named = Object.fromEntries(rows.map((row, index) => [`Row${index}`, row]));
  return { ID: `r${record}`, observations: { Rows: rows, ...named } };
});
const scope = { parent: () => undefined, ref: () => undefined };

async function microseconds(name: string): Promise<number> {
  const mapping: Mapping | undefined = getOwn(parts, name)?.mapping;
  const cpu = process.cpuUsage();
  for (const body of bodies) await mapping?.map(body, scope);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / RECORDS;
}

const results: { fixed: number; named: number; each: number }[] = [];
for (let turn = 0; turn <= Number(turns); turn += 1)
  results.push({ fixed: await microseconds('Fixed'), named: await microseconds('Named'), each: await microseconds('Each') });
// The first one warms up.
process.stdout.write(`${JSON.stringify(results.slice(1))}\n`);
