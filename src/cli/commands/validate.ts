import type { Command } from 'commander';
import { connectorTypes } from '../../connectors/all.js';
import type { Definition, Problem } from '../../definition/definition.js';
import { loadDefinitions } from '../../definition/load-definitions.js';
import { createHttp } from '../../http/create-http.js';
import { silent } from '../../log.js';
import type { Io } from '../io.js';

/** `sangam validate`: everything wrong with definitions, at once; with `--online` also whether their systems answer. */
export function validateCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('validate')
    .description('check definitions')
    .argument('[files...]', 'definitions, or folders of them', ['integrations'])
    .option('--online', 'also ask each system')
    .action(async (paths: string[], { online }: { online?: boolean }) => {
      const { definitions, problems } = await loadDefinitions({ paths, connectorTypes, env: io.env });
      for (const problem of problems) io.out(problemText(problem));
      const sick = online === true ? await askSystems(definitions, io) : 0;
      if (problems.length + sick === 0)
        io.out(`${definitions.length} ${definitions.length === 1 ? 'definition is' : 'definitions are'} valid.`);
      else io.out(`${problems.length + sick} to mend.`);
      done(problems.length + sick === 0 ? 0 : 1);
    });
}

function problemText({ file, line, column, path, message, allowed, code }: Problem): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}${allowed !== undefined ? ` Allowed: ${allowed}.` : ''} (${code})`;
}

/** @returns how many things are wrong with the systems. */
async function askSystems(definitions: Definition[], io: Io): Promise<number> {
  const http = createHttp();
  let count = 0;
  for (const definition of definitions)
    for (const system of Object.values(definition.systems)) {
      const connector = connectorTypes[system.connector]?.connect(system.name, system.settings, { margin: system.margin });
      const health = await connector?.check({ signal: io.signal, http, log: silent });
      for (const problem of health?.problems ?? []) {
        count += 1;
        io.out(`${definition.file}: ${system.name}: ${problem.message} ${problem.remedy} (${problem.code})`);
      }
      if (health?.ok === true) io.out(`${definition.file}: ${system.name} answers.`);
    }
  http.close();
  return count;
}
