import { once } from 'node:events';
import type { Command } from 'commander';
import type { AvniOrganisation } from '../../simulators/avni/organisation.js';
import { Told, type Io } from '../io.js';
import { tellBadOrganisation } from '../tell-bad-organisation.js';

interface SimulateOptions {
  port: string;
  records: string;
  seed: string;
  latency: string;
  organisation?: string;
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
    .option('--organisation <folder>', 'an Avni organisation of your own: its forms, concepts and records as files')
    .option('--latency <milliseconds>', 'before each answer', '0')
    .action(async (system: string, options: SimulateOptions) => {
      const server = await tellBadOrganisation(io, () => start(system, options));
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

async function start(system: string, options: SimulateOptions): Promise<{ url: string; close(): Promise<void> }> {
  const common = { port: whole('port', options.port, 65_535), latency: whole('latency', options.latency) };
  if (system === 'avni') {
    const { startAvniSimulator } = await import('../../simulators/avni/avni-simulator.js');
    return startAvniSimulator({ ...common, organisation: await organisationOf(options) });
  }
  if (options.organisation !== undefined) throw new Told('--organisation is for avni alone.');
  if (system !== 'fhir') throw new Told(`There is no simulated “${system}”: say avni or fhir.`);
  const { startFhirSimulator } = await import('../../simulators/fhir/fhir-simulator.js');
  return startFhirSimulator(common);
}

async function organisationOf({ organisation, ...options }: SimulateOptions): Promise<AvniOrganisation> {
  const made = { seed: whole('seed', options.seed), records: whole('records', options.records) };
  if (organisation === undefined) return (await import('../../simulators/avni/generate.js')).generateOrganisation(made);
  const { givenOrganisation } = await import('../../simulators/avni/given/given-organisation.js');
  return givenOrganisation({ path: organisation, ...made });
}

function whole(option: string, text: string, most = 999_999_999): number {
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  throw new Told(`--${option} takes a whole number from 0 to ${most}, not “${text}”.`);
}
