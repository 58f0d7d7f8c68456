import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorTypes } from '../connectors/registry.js';
import { ownersAcross } from './checks/owners.js';
import type { KnownNames } from './checks/set-up-names.js';
import type { Definition, Problem } from './definition.js';
import type { Environment } from './parts/environment.js';
import { variableRules } from './parts/variable-rules.js';
import { readDefinition, type ReadDefinition } from './read-definition.js';
import { readText } from './source/read-text.js';

export interface LoadOptions {
  /** Files, and folders of `*.yaml` and `*.yml` files (not of what lies below them). */
  paths: string[];
  connectorTypes: ConnectorTypes;
  /** What `${VARIABLES}` stand for. */
  env: Environment;
  /** What an organisation has set up, where names are to be checked by it. */
  setUp?: KnownNames;
  /**
   * What was read before of files that have not changed since, nor any code table: they are not
   * read again. What is read is added.
   */
  known?: KnownFiles;
}

/** Files that could be read, by their path. */
export type KnownFiles = Map<string, ReadDefinition>;

export interface LoadedDefinitions {
  definitions: Definition[];
  problems: Problem[];
  /** What may be right as it is: the definitions are used all the same. */
  warnings: Problem[];
}

/** Bytes of a definition, some 60,000 codes among them. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Reads and checks definitions, offline. Everything wrong with any of them comes back at once, each
 * with its place; a definition with a problem is left out. Never throws for what a file holds, and
 * never shows what a variable stands for.
 */
export async function loadDefinitions(options: LoadOptions): Promise<LoadedDefinitions> {
  const listed = await Promise.all(options.paths.map(filesOf));
  const problems = listed.flatMap((each) => each.problems);
  const read: (ReadDefinition & { file: string })[] = [];
  for (const file of new Set(listed.flatMap((each) => each.files))) {
    const before = options.known?.get(file);
    if (before) {
      read.push({ file, ...before });
      continue;
    }
    const content = await readText(file, MAX_BYTES).catch(() => undefined);
    if (!content) problems.push(wholeFile('Unreadable', file, 'The file cannot be read.'));
    else if ('text' in content) {
      const definition = await readDefinition(file, content.text, options.connectorTypes, options.env, options.setUp);
      read.push({ file, ...definition });
      options.known?.set(file, definition);
    } else if (content.problem === 'NotUtf8') problems.push(wholeFile('InvalidYaml', file, 'The file is not in UTF-8.'));
    else problems.push(wholeFile('TooLarge', file, 'The file is larger than 2 MiB; large code tables stand in CSV files.'));
  }
  const twice = [...duplicates(read), ...ownersAcross(read.flatMap(({ claims }) => claims))];
  const refused = new Set(twice.map(({ file }) => file));
  const definitions = read.flatMap(({ file, included, definition }) =>
    definition && ![file, ...included].some((each) => refused.has(each)) ? [definition] : [],
  );
  const rules = variableRules(options.env['SANGAM_VARIABLES']);
  if (rules.problem !== undefined) problems.push(wholeFile('BadSetting', 'SANGAM_VARIABLES', rules.problem));
  const warnings = read.flatMap((each) => each.warnings);
  if (read.length > 1 && read.some(({ withVariables }) => withVariables) && !rules.limited)
    warnings.push(wholeFile('VariablesNotLimited', options.paths.join(', '), NOT_LIMITED));
  return { definitions, problems: [...problems, ...read.flatMap((each) => each.problems), ...twice], warnings };
}

const NOT_LIMITED =
  'Each of these definitions may use every variable of the environment, also the secrets of the others. ' +
  'Say in SANGAM_VARIABLES which are for whom, e.g. "clinic=CLINIC_*,EMR_TOKEN; school=SCHOOL_*".';

async function filesOf(path: string): Promise<{ files: string[]; problems: Problem[] }> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return { files: [], problems: [wholeFile('MissingFile', path, 'There is no such file or folder.')] };
  if (!info.isDirectory()) return { files: [path], problems: [] };
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return { files: [], problems: [wholeFile('Unreadable', path, 'The folder cannot be read.')] };
  const names = entries.filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name)).map(({ name }) => name);
  if (names.length === 0)
    return { files: [], problems: [wholeFile('NoDefinitions', path, 'The folder has no definition (*.yaml, *.yml).')] };
  return { files: names.sort().map((name) => join(path, name)), problems: [] };
}

/**
 * Of two files that call themselves the same, neither counts: nobody could tell which one is meant.
 */
function duplicates(read: (ReadDefinition & { file: string })[]): Problem[] {
  const named = read.flatMap(({ file, integration }) => (integration && integration.name !== '' ? [{ file, ...integration }] : []));
  return named.flatMap(({ file, name, line, column }) => {
    const others = named.filter((other) => other.name === name && other.file !== file).map((other) => other.file);
    if (others.length === 0) return [];
    const message = `The integration ${name} is defined in ${file} and in ${others.join(' and ')}; each integration has one file.`;
    return [{ code: 'DuplicateIntegration', file, line, column, path: 'integration', message }];
  });
}

function wholeFile(code: string, file: string, message: string): Problem {
  return { code, file, line: 1, column: 1, path: '', message };
}
