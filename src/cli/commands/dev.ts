import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Told, type Io } from '../io.js';
import { tellBadOrganisation } from '../tell-bad-organisation.js';

interface Options {
  simulate?: string;
  organisation?: string;
  records: string;
  seed: string;
}

/** `sangam dev`: all that an implementer needs for a day, on one machine. */
export function devCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('dev')
    .description('run Temporal with its Web UI, simulated systems where asked, and a worker that follows a folder of definitions')
    .argument('[folder]', 'of definitions', 'integrations')
    .option('--simulate <systems>', 'avni, fhir, or both: avni,fhir')
    .option('--organisation <folder>', 'of the simulated Avni: its forms, concepts and records as files')
    .option('--records <number>', 'records of the simulated Avni', '1000')
    .option('--seed <number>', 'the same seed makes the same people', '1')
    .action(async (integrations: string, { simulate = '', organisation, records, seed }: Options) => {
      if (!existsSync(integrations)) throw new Told(`There is no folder ${integrations}: npx sangam init ${integrations} makes one.`);
      const systems = simulate.split(',').filter((each) => each !== '');
      const known = systems.filter((each): each is 'avni' | 'fhir' => each === 'avni' || each === 'fhir');
      if (known.length < systems.length) throw new Told(`--simulate takes avni, fhir, or avni,fhir, not “${simulate}”.`);
      if (organisation !== undefined && !known.includes('avni')) throw new Told('--organisation is for --simulate avni.');
      if (organisation !== undefined) await expectUsable(organisation, io);
      const { runDev } = await import('../dev/run-dev.js');
      const own = organisation === undefined ? [] : ['--organisation', organisation];
      done(await runDev({ integrations, simulate: known, avni: ['--records', records, '--seed', seed, ...own] }, io));
    });
}

/** What is wrong with the files is told before anything is started. */
async function expectUsable(path: string, io: Io): Promise<void> {
  const { givenOrganisation } = await import('../../simulators/avni/given/given-organisation.js');
  await tellBadOrganisation(io, () => givenOrganisation({ path, seed: 1, records: 1 }));
}
