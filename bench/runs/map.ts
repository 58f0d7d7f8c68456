// Mapping alone, on one core, one record of a form after another, without threads:
// `node map.js <folder> <process> <entityType> <organisation> <seconds>`.
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import { getOwn } from '../../src/model/keyed.js';
import { givenOrganisation } from '../../src/simulators/avni/given/given-organisation.js';
import { rowOf } from '../../src/simulators/avni/rows.js';
import { stopwatch } from '../support/stopwatch.js';

const [folder = '', process_ = '', entityType = '', path = '', seconds = '5'] = process.argv.slice(2);
const env = {
  AVNI_URL: 'http://127.0.0.1:1',
  AVNI_USERNAME: 'x',
  AVNI_PASSWORD: 'x',
  FHIR_URL: 'http://127.0.0.1:1/fhir',
  FHIR_TOKEN: 'x',
};
const found = await new IntegrationStore({ path: folder, connectorTypes, env, log: silent }).find(process_);
if ('missing' in found) throw new Error(found.message);
const parts = getOwn(found.active.parts, entityType);
if (!parts) throw new Error(`No entity type ${entityType}`);
// Whatever kind it is of, its type is named by one of them.
const types = Object.values(parts.definition.from.settings as Record<string, unknown>);
const organisation = await givenOrganisation({ path, seed: 3, records: 3_000 });
const rows = organisation
  .all()
  .filter((each) => types.includes(each.type) && !each.voided)
  .map((each) => rowOf(each, organisation, { version: 2 }));
const scope = { parent: (name: string) => ({ reference: `${name}/1` }), ref: (name: string) => ({ reference: `#${name}` }) };

let [mapped, resources] = [0, 0];
async function turn(until: number): Promise<void> {
  while (performance.now() < until)
    for (const row of rows) {
      const made = await parts?.mapping.map(row, scope);
      mapped += 1;
      resources += Object.keys(made?.resources ?? {}).length;
    }
}
await turn(performance.now() + 1_000);
[mapped, resources] = [0, 0];
const taken = stopwatch();
await turn(performance.now() + Number(seconds) * 1_000);
process.stdout.write(`${JSON.stringify({ ...taken(), mapped, resources, rows: rows.length })}\n`);
