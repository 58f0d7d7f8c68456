// An Avni organisation with one subject, each answer so many milliseconds after its request: `node
// simulated-avni.js <latency>`.
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';

const [latency = 20] = process.argv.slice(2).map(Number);
const organisation = new AvniOrganisation();
organisation.add(
  'subject',
  'Beneficiary',
  { 'Subject type': 'Beneficiary', observations: {} },
  { id: '5b1a2c3d-0000-4000-8000-000000000001' },
);
const { url } = await startAvniSimulator({ organisation, latency });
process.stdout.write(`${JSON.stringify({ url })}\n`);
