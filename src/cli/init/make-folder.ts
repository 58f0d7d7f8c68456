import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { OrganisationData } from '../../connectors/avni/organisation/organisation-data.js';
import { connectorTypes } from '../../connectors/all.js';
import { definitionJsonSchema } from '../../definition/json-schema.js';
import { Told } from '../io.js';
import { answersFile, questionsFile } from './code-files.js';
import { definitionText } from './definition-text.js';
import { draftedTypes } from './drafted-types.js';

const INTEGRATION = /^[a-z0-9-]{1,60}$/;

/** Whether a folder is not there yet, or is empty. @throws Told where it is not */
export async function expectEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : ['']));
  if (names.length > 0) throw new Told(`${folder} is there already, and not an empty folder: name another one.`);
}

/**
 * Makes a folder with a definition of all that an organisation has set up. @returns the paths of
 * its files, and the id of its process
 */
export async function makeFolder(
  folder: string,
  data: OrganisationData,
  given: string | undefined,
): Promise<{ files: string[]; process: string; leftOut: number }> {
  const integration = given ?? nameOf(folder);
  if (!INTEGRATION.test(integration)) throw new Told(`--integration takes small letters, digits and “-”, not “${integration}”.`);
  const { types, leftOut } = draftedTypes(data);
  if (types.length === 0) throw new Told('The organisation has no types set up of which a definition could be made.');
  const answers = answersFile(data, types);
  const hasAnswers = answers.text.trimEnd().includes('\n');
  const files = [
    { path: `${integration}.yaml`, text: definitionText({ integration, types, leftOut, genders: data.genders, hasAnswers }) },
    ...types.filter(({ rows }) => rows.length > 0).map(questionsFile),
    ...(hasAnswers ? [answers] : []),
  ];
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const schema = `${JSON.stringify(definitionJsonSchema(connectorTypes), null, 2)}\n`;
  await writeFile(join(folder, 'definition.schema.json'), schema);
  return { files: files.map(({ path }) => join(folder, path)), process: `${integration}/care`, leftOut: leftOut.length };
}

function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return name === '' ? 'integration' : name.slice(0, 60);
}
