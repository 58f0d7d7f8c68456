import { connectorTypes } from '../../connectors/all.js';
import type { Definition } from '../../definition/definition.js';
import { loadDefinitions } from '../../definition/load-definitions.js';
import type { Io } from '../io.js';
import { problemText } from '../problem-text.js';

/** Problems that are told each time. */
const TOLD = 10;

/** Tells whether the definitions of a folder are valid, and what is wrong with them. */
export async function checkFolder(
  integrations: string,
  env: Record<string, string | undefined>,
  io: Io,
): Promise<{ processes: Definition['processes'][string][] }> {
  const { definitions, problems } = await loadDefinitions({ paths: [integrations], connectorTypes, env });
  for (const problem of problems.slice(0, TOLD)) io.out(problemText(problem));
  const left = problems.length > TOLD ? `, of which ${TOLD} are shown` : '';
  const processes = definitions.flatMap((definition) => Object.values(definition.processes));
  if (problems.length > 0) io.out(`${problems.length} to mend${left}: what is in force stays in force until then.`);
  else io.out(`Valid: ${processes.map(({ id }) => id).join(', ')}. What changed counts from the next cycle on.`);
  return { processes };
}
