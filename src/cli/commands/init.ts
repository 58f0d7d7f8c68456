import type { Command } from 'commander';
import { organisationData } from '../../connectors/avni/organisation/organisation-data.js';
import { readOrganisation } from '../../connectors/avni/organisation/read-organisation.js';
import { createHttp } from '../../http/create-http.js';
import { silent } from '../../log.js';
import { expectEmpty, makeFolder } from '../init/make-folder.js';
import type { Io } from '../io.js';
import { askSetUp } from '../saved-set-up.js';
import { tellBadOrganisation } from '../tell-bad-organisation.js';

/** `sangam init`: a folder with a definition made of what an organisation has set up. */
export function initCommand(program: Command, io: Io): void {
  program
    .command('init')
    .description('make a folder with a definition of all that an Avni organisation has set up, to be completed')
    .argument('<folder>', 'that is not there yet, or is empty')
    .option('--metadata <file>', 'what is set up: saved, or a folder with a bundle; else Avni is asked, by AVNI_URL and its user')
    .option('--integration <name>', 'of the integration; otherwise that of the folder')
    .action(async (folder: string, { metadata, integration }: { metadata?: string; integration?: string }) => {
      await expectEmpty(folder);
      const data = metadata === undefined ? await asked(io) : await tellBadOrganisation(io, () => readOrganisation(metadata));
      const { files, process, leftOut } = await makeFolder(folder, data, integration);
      for (const file of files) io.out(file);
      if (leftOut > 0) io.out(`${leftOut} ${leftOut === 1 ? 'type is' : 'types are'} left out: the first lines of the definition say why.`);
      io.out(`The process is ${process}. Complete the definition, and check it:`);
      io.out(`  npx sangam validate${metadata === undefined ? '' : ` --metadata ${metadata}`} ${folder}`);
    });
}

async function asked(io: Io): Promise<ReturnType<typeof organisationData.parse>> {
  const http = createHttp();
  try {
    return organisationData.parse(await askSetUp('avni', io.env, { signal: io.signal, http, log: silent }));
  } finally {
    http.close();
  }
}
