// An Avni organisation with so many subjects, each changed a millisecond after the one before, of
// whom the first is known by its id; each answer so many milliseconds after its request: `node
// simulated-avni.js <latency> [<subjects>]`.
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';

const BEGIN = Date.UTC(2025, 0, 1);
const [latency = 20, subjects = 1] = process.argv.slice(2).map(Number);
const organisation = new AvniOrganisation();
for (let n = 0; n < subjects; n += 1) {
  const observations = { 'First name': `First${n}`, 'Last name': `Last${n}`, 'Date of birth': '1990-05-05' };
  const known = n === 0 ? { id: '5b1a2c3d-0000-4000-8000-000000000001' } : {};
  organisation.add('subject', 'Beneficiary', { 'Subject type': 'Beneficiary', observations }, { ...known, stamp: BEGIN + n });
}
const { url } = await startAvniSimulator({ organisation, latency });
process.stdout.write(`${JSON.stringify({ url })}\n`);
