import type { Command } from 'commander';
import { connectorTypes } from '../../connectors/all.js';
import type { Definition } from '../../definition/definition.js';
import { loadDefinitions } from '../../definition/load-definitions.js';
import { createHttp } from '../../http/create-http.js';
import { silent } from '../../log.js';
import { askSystems } from '../ask-systems.js';
import type { Io } from '../io.js';
import { problemText } from '../problem-text.js';
import { readSetUp } from '../saved-set-up.js';
import { tellBadOrganisation } from '../tell-bad-organisation.js';

/**
 * `sangam validate`: everything wrong with definitions, at once; with `--metadata` also names that
 * an organisation has not set up; with `--online` whether systems answer and let types be read.
 */
export function validateCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('validate')
    .description('check definitions')
    .argument('[files...]', 'definitions, or folders of them', ['integrations'])
    .option('--metadata <file>', 'also check names by what an organisation has set up: saved, or a folder with a bundle')
    .option('--online', 'also ask each system, and whether each type may be read')
    .action(async (paths: string[], { online, metadata }: { online?: boolean; metadata?: string }) => {
      const setUp = metadata === undefined ? {} : { setUp: await tellBadOrganisation(io, () => readSetUp(metadata)) };
      const { definitions, problems, warnings } = await loadDefinitions({ paths, connectorTypes, env: io.env, ...setUp });
      for (const problem of problems) io.out(problemText(problem));
      for (const warning of warnings) io.out(problemText({ ...warning, message: `A warning: ${warning.message}` }));
      const sick = online === true ? await ask(definitions, io) : 0;
      if (problems.length + sick === 0)
        io.out(`${definitions.length} ${definitions.length === 1 ? 'definition is' : 'definitions are'} valid.`);
      else io.out(`${problems.length + sick} to mend.`);
      done(problems.length + sick === 0 ? 0 : 1);
    });
}

async function ask(definitions: Definition[], io: Io): Promise<number> {
  const http = createHttp();
  try {
    return await askSystems(definitions, connectorTypes, { signal: io.signal, http, log: silent }, io);
  } finally {
    http.close();
  }
}
