import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { BadOrganisation, type FileProblem } from './bad-organisation.js';
import { bundleFiles, bundleForm, type BundleForm } from './bundle-shapes.js';
import { checkOrganisation } from './check-organisation.js';
import { fromBundle, mappingsInForce } from './from-bundle.js';
import { organisationData, type OrganisationData } from './organisation-data.js';
import { fitting, readDataFile } from './read-file.js';

const OWN = /^organisation\.(ya?ml|json)$/;

/**
 * What an organisation has set up, from a file that `npx sangam metadata avni` saved, from a folder
 * with `organisation.yaml`, or from one with the files of an Avni bundle.
 *
 * @throws BadOrganisation
 */
export async function readOrganisation(path: string): Promise<OrganisationData> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new BadOrganisation([{ file: path, path: '', message: 'There is no such file or folder.' }]);
  if (!info.isDirectory()) return checked(path, await readOwn(path));
  const names = await readdir(path);
  const own = names.filter((name) => OWN.test(name));
  const isBundle = names.includes('concepts.json');
  if (own.length + Number(isBundle) !== 1) throw new BadOrganisation([{ file: path, path: '', message: whichOf(own, isBundle) }]);
  return own[0] === undefined ? checked(path, await readBundle(path)) : checked(own[0], await readOwn(join(path, own[0])));
}

function checked(file: string, data: OrganisationData): OrganisationData {
  const problems = checkOrganisation(data).map((problem): FileProblem => ({ file, ...problem }));
  if (problems.length > 0) throw new BadOrganisation(problems);
  return data;
}

async function readOwn(file: string): Promise<OrganisationData> {
  return fitting(file, organisationData, await readDataFile(file));
}

async function readBundle(folder: string): Promise<OrganisationData> {
  const read = async <T>(name: string, schema: z.ZodType<T[]>): Promise<T[]> => {
    const file = join(folder, `${name}.json`);
    const isThere = (await stat(file).catch(() => undefined)) !== undefined;
    return isThere ? fitting(file, schema, await readDataFile(file)) : [];
  };
  const [concepts, subjectTypes, programs, encounterTypes] = await Promise.all([
    read('concepts', bundleFiles.concepts),
    read('subjectTypes', bundleFiles.subjectTypes),
    read('programs', bundleFiles.programs),
    read('encounterTypes', bundleFiles.encounterTypes),
  ]);
  const [formMappings, addressLevelTypes, locations, groupRoles] = await Promise.all([
    read('formMappings', bundleFiles.formMappings),
    read('addressLevelTypes', bundleFiles.addressLevelTypes),
    read('locations', bundleFiles.locations),
    read('groupRoles', bundleFiles.groupRoles),
  ]);
  const forms = await readForms(join(folder, 'forms'));
  const missing = mappingsInForce({ formMappings }).filter(({ formUUID }) => !forms.has(formUUID));
  if (missing.length > 0)
    throw new BadOrganisation(
      missing.map(({ formUUID }) => ({
        file: 'formMappings.json',
        path: '',
        message: `No file of forms/ has the form ${formUUID}.`,
      })),
    );
  return fromBundle({ concepts, subjectTypes, programs, encounterTypes, formMappings, addressLevelTypes, locations, groupRoles, forms });
}

async function readForms(folder: string): Promise<Map<string, BundleForm>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const forms = new Map<string, BundleForm>();
  for (const name of names) {
    const file = join(folder, name);
    const form = fitting(file, bundleForm, await readDataFile(file));
    if (typeof form.uuid !== 'string') throw new BadOrganisation([{ file: basename(file), path: 'uuid', message: 'is missing.' }]);
    forms.set(form.uuid, form);
  }
  return forms;
}

function whichOf(own: string[], isBundle: boolean): string {
  if (own.length === 0) return 'The folder has neither organisation.yaml nor the concepts.json of an Avni bundle.';
  const both = [...own, ...(isBundle ? ['concepts.json'] : [])];
  return `The folder has ${both.join(' and ')}: it must have one of them.`;
}
