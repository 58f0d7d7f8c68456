// A FHIR server with so many Observations, each changed a millisecond after the one before: `node
// simulated-fhir.js <count>`.
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';

const [count = 0] = process.argv.slice(2).map(Number);
const BEGIN = Date.UTC(2025, 0, 1);
const { url, repository } = await startFhirSimulator();
for (let n = 0; n < count; n += 1)
  repository.put(
    {
      resourceType: 'Observation',
      id: `o${String(n).padStart(6, '0')}`,
      ...{ status: 'final', code: { text: 'Systolic' }, effectiveDateTime: '2025-01-01T10:00:00+05:30', valueInteger: 90 + (n % 60) },
    } as Parameters<typeof repository.put>[0],
    BEGIN + n,
  );
process.stdout.write(`${JSON.stringify({ url })}\n`);
