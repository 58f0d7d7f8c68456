import { once } from 'node:events';
import type { Command } from 'commander';
import type { Io } from '../io.js';

interface SimulateOptions {
  port: string;
  records: string;
  seed: string;
  latency: string;
}

/** `sangam simulate avni|fhir`: one simulated system alone, on loopback, until it is told to end. */
export function simulateCommand(program: Command, io: Io): void {
  program
    .command('simulate')
    .description('run a simulated Avni or FHIR server on loopback')
    .argument('<system>', 'avni or fhir')
    .option('--port <number>', 'port; any free one where 0', '0')
    .option('--records <number>', 'records of the simulated organisation', '10000')
    .option('--seed <number>', 'the same seed makes the same people', '1')
    .option('--latency <milliseconds>', 'before each answer', '0')
    .action(async (system: string, options: SimulateOptions) => {
      const server = await start(system, options);
      io.out(JSON.stringify({ system, url: server.url }));
      if (!io.signal.aborted) await once(io.signal, 'abort');
      await server.close();
    });
}

async function start(system: string, { port, records, seed, latency }: SimulateOptions): Promise<{ url: string; close(): Promise<void> }> {
  const common = { port: Number(port), latency: Number(latency) };
  if (system === 'avni') {
    const [{ startAvniSimulator }, { generateOrganisation }] = await Promise.all([
      import('../../simulators/avni/avni-simulator.js'),
      import('../../simulators/avni/generate.js'),
    ]);
    return startAvniSimulator({ ...common, organisation: generateOrganisation({ seed: Number(seed), records: Number(records) }) });
  }
  if (system !== 'fhir') throw new Error(`There is no simulated “${system}”: say avni or fhir.`);
  const { startFhirSimulator } = await import('../../simulators/fhir/fhir-simulator.js');
  return startFhirSimulator(common);
}
