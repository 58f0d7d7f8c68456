import { once } from 'node:events';
import type { Command } from 'commander';
import { Told, type Io } from '../io.js';

interface SimulateOptions {
  port: string;
  records: string;
  seed: string;
  latency: string;
}

/**
 * `sangam simulate avni|fhir`: one simulated system alone, on loopback, until it is told to end.
 */
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
      io.out(JSON.stringify({ system, ...addresses(system, server.url) }));
      if (!io.signal.aborted) await once(io.signal, 'abort');
      await server.close();
    });
}

/**
 * `url` is the server's own; `base` what a client is given, `control` where it is changed and
 * disturbed.
 */
function addresses(system: string, url: string): Record<string, string> {
  return { url, base: system === 'fhir' ? `${url}/fhir` : url, control: `${url}/simulator` };
}

async function start(system: string, { port, records, seed, latency }: SimulateOptions): Promise<{ url: string; close(): Promise<void> }> {
  const common = { port: whole('port', port, 65_535), latency: whole('latency', latency) };
  if (system === 'avni') {
    const { startAvniSimulator } = await import('../../simulators/avni/avni-simulator.js');
    const { generateOrganisation } = await import('../../simulators/avni/generate.js');
    return startAvniSimulator({
      ...common,
      organisation: generateOrganisation({ seed: whole('seed', seed), records: whole('records', records) }),
    });
  }
  if (system !== 'fhir') throw new Told(`There is no simulated “${system}”: say avni or fhir.`);
  const { startFhirSimulator } = await import('../../simulators/fhir/fhir-simulator.js');
  return startFhirSimulator(common);
}

function whole(option: string, text: string, most = 999_999_999): number {
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  throw new Told(`--${option} takes a whole number from 0 to ${most}, not “${text}”.`);
}
