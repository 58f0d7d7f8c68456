import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { metadataCommand } from '../../../src/cli/commands/metadata.js';
import { validateCommand } from '../../../src/cli/commands/validate.js';
import type { Io } from '../../../src/cli/io.js';
import { readOrganisation } from '../../../src/connectors/avni/organisation/read-organisation.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../../src/simulators/avni/generate.js';
import { givenOrganisation } from '../../../src/simulators/avni/given/given-organisation.js';
import { CLINIC, clinicEnv } from '../../support/clinic.js';
import { folderOf, OWN } from '../../support/own-organisation.js';

let avni: AvniSimulator;
let folder: Awaited<ReturnType<typeof folderOf>>;

beforeEach(async () => {
  folder = await folderOf({ 'own/organisation.yaml': OWN });
});

afterEach(async () => {
  await avni?.close();
  await folder.remove();
});

async function run(
  add: typeof validateCommand,
  args: string[],
  env?: Io['env'],
): Promise<{ out: string[]; error: string[]; status: number }> {
  const [out, error]: [string[], string[]] = [[], []];
  let status = 0;
  const io: Io = {
    out: (line) => out.push(line),
    error: (line) => error.push(line),
    env: env ?? clinicEnv(avni?.url ?? 'http://127.0.0.1:1', 'http://127.0.0.1:1/fhir'),
    signal: new AbortController().signal,
  };
  const program = new Command('sangam').exitOverride();
  add(program, io, (given) => (status = given));
  await program.parseAsync(args, { from: 'user' });
  return { out, error, status };
}

/** Saves what the simulated server has set up, as a user does. */
async function saved(): Promise<string> {
  const { out } = await run(metadataCommand, ['metadata', 'avni']);
  const file = join(folder.path, 'metadata.json');
  await writeFile(file, out.join('\n'));
  return file;
}

describe('sangam metadata avni', () => {
  it('saves all that is set up: what is read from the file is what was read from the files of the organisation', async () => {
    const own = join(folder.path, 'own');
    avni = await startAvniSimulator({ organisation: await givenOrganisation({ path: own, seed: 1, records: 20 }) });
    const [given, found] = [await readOrganisation(own), await readOrganisation(await saved())];
    const known = given.concepts.map(({ name }) => name);
    expect(found.concepts.filter(({ name }) => known.includes(name)).map(({ uuid: _uuid, ...each }) => each)).toEqual(given.concepts);
    const bare = (forms: typeof given.forms) => forms.map(({ name: _name, uuid: _uuid, ...form }) => form);
    expect(bare(found.forms)).toEqual(bare(given.forms));
    expect(found.programs.map(({ name }) => name)).toEqual(['Pregnancy']);
    expect(found.subjectTypes).toMatchObject([{ name: 'Woman', type: 'Person', registeredAt: ['Village'] }, { name: 'Household' }]);
    expect(avni.requests.every((each) => each.startsWith('GET') || each.endsWith('generateToken'))).toBe(true);
  });

  it.each([
    [{ AVNI_TOKEN: 'a-token' }, 401],
    [{ AVNI_USER_NAME: 'me' }, 200],
  ])('signs in as the variables say: %j', async (more, status) => {
    avni = await startAvniSimulator({ settings: { idp: status === 200 ? 'none' : 'set' } });
    const { AVNI_PASSWORD: _password, ...env } = clinicEnv(avni.url, 'http://127.0.0.1:1/fhir');
    const asking = run(metadataCommand, ['metadata', 'avni'], { ...env, ...more });
    if (status === 200) expect(JSON.parse((await asking).out.join(''))).toMatchObject({ programs: [{ name: 'Nutrition' }] });
    else await expect(asking).rejects.toThrow(/\(Unauthorized\)/);
    expect(avni.requests.some((each) => each.endsWith('generateToken'))).toBe(false);
  });

  it('says what is not set, and what may not be read', async () => {
    await expect(run(metadataCommand, ['metadata', 'fhir'])).rejects.toThrow('There is no metadata of “fhir”: say avni.');
    avni = await startAvniSimulator({ settings: { metadataReadable: false } });
    await expect(run(metadataCommand, ['metadata', 'avni'])).rejects.toThrow(/operationalModules.*\(SetupUnreadable\)/);
    await avni.close();
    await expect(run(metadataCommand, ['metadata', 'avni'])).rejects.toThrow(/\(Unreachable\)/);
  });
});

describe('sangam validate --metadata', () => {
  beforeEach(async () => {
    avni = await startAvniSimulator({ organisation: generateOrganisation({ seed: 1, records: 20 }) });
  });

  async function validate(change: [string, string] = ['', ''], file?: string): Promise<{ text: string; status: number }> {
    const yaml = await readFile(join(CLINIC, 'clinic.yaml'), 'utf8');
    expect(yaml).toContain(change[0]);
    const definition = join(folder.path, 'clinic.yaml');
    await writeFile(definition, yaml.replace(...change));
    const { out, status } = await run(validateCommand, ['validate', '--metadata', file ?? (await saved()), definition]);
    return { text: out.join('\n'), status };
  }

  it('is content with a definition whose names are all set up, and asks no system', async () => {
    const file = await saved();
    await avni.close();
    const { text, status } = await validate(['', ''], file);
    expect(text.split('\n').filter((line) => !line.includes('A warning'))).toEqual(['1 definition is valid.']);
    expect(status).toBe(0);
  });

  it.each([
    [
      'subject: Beneficiary',
      'subject: Benificiary',
      /clinic.yaml:\d+:\d+ .*Beneficiary.from.subject: .*subject type "Benificiary". Did you mean "Beneficiary"\? Allowed: .*\(UnknownType\)/,
    ],
    ['enrolment: Nutrition', 'enrolment: Nutritoin', /no program "Nutritoin". Did you mean "Nutrition"\?/],
    ['encounter: Health check', 'encounter: Health chek', /no encounter type "Health chek". Did you mean "Health check"\?/],
    [
      'observations.MUAC',
      'observations.MAUC',
      /Growth.map.muac: There is no concept "MAUC" in .*metadata.json.* Did you mean "MUAC"\?.*\(UnknownConcept\)/,
    ],
    [
      'Household.`Head of household` ?',
      'Household.`Head of houshold` ?',
      /no concept "Head of houshold".* Did you mean "Head of household"\?/,
    ],
    ['ignore: [Birth weight,', 'ignore: [Birth wieght,', /concepts.ignore.0: There is no concept "Birth wieght"/],
    [
      '$exists(observations.`Nutrition status`) ?',
      'observations.`Nutrition status` != "Nomal" ?',
      /"Nomal" is no answer to "Nutrition status". Did you mean "Normal"\? Allowed: Normal, Moderate, Severe.*\(UnknownAnswer\)/,
    ],
  ] as const)('finds “%s” written “%s”, at its place', async (from, to, says) => {
    const { text, status } = await validate([from, to]);
    expect(text).toMatch(says);
    expect(status).toBe(1);
  });

  it('warns of answers without a code, and of codes for what is no answer', async () => {
    const { text, status } = await validate(['Fever: "386661006"', 'Fevr: "386661006"']);
    expect(text).toMatch(/A warning: The table symptoms has no code for these answers to "Symptoms": Fever\..*\(AnswerWithoutCode\)/);
    expect(text).toMatch(/codes.symptoms.Fevr: A warning: "Fevr" is no answer .* Did you mean "Fever"\?/);
    expect(status).toBe(0);
  });

  it('says once that the metadata is of another organisation', async () => {
    const { text, status } = await validate(['', ''], join(folder.path, 'own'));
    expect(text).toMatch(/None of the types of this definition is set up in .*own: it is of another organisation\. \(OtherOrganisation\)/);
    expect(text.split('\n').length).toBe(2);
    expect(status).toBe(1);
  });

  it.each([
    ['{"resourceType":"Patient"}', 'subjectTypes: '],
    ['[]', 'Invalid input'],
    ['not: [', 'The file is not JSON'],
  ])('refuses a file of another shape: %s', async (content, message) => {
    const file = join(folder.path, 'other.json');
    await writeFile(file, content);
    await expect(validate(['', ''], file)).rejects.toThrow(/cannot be used: \d+ to mend \(BadOrganisation\)/);
    const reading = readOrganisation(file);
    await expect(reading).rejects.toThrow(`other.json: ${message}`.replace('other.json: The', `${file}: The`));
  });

  it('checks types of location, by the files of an organisation', async () => {
    const maternal = 'integrations/maternal';
    const yaml = await readFile(join(maternal, 'maternal.yaml'), 'utf8');
    await cp(maternal, join(folder.path, 'maternal'), { recursive: true });
    await writeFile(join(folder.path, 'maternal/maternal.yaml'), yaml.replace('location: Village }', 'location: Vilage }'));
    const args = ['validate', '--metadata', join(maternal, 'organisation'), join(folder.path, 'maternal')];
    expect((await run(validateCommand, args)).out.join('\n')).toMatch(
      /no type of location "Vilage". Did you mean "Village"\?.*\(UnknownType\)/,
    );
  });

  it('checks names that a mapping writes into Avni', async () => {
    const file = await saved();
    const hospital = await readFile('integrations/hospital/hospital.yaml', 'utf8');
    const definition = join(folder.path, 'hospital.yaml');
    await writeFile(definition, hospital.replace('"observations": { "Health ID"', '"observations": { "Helth ID"'));
    const { out, status } = await run(validateCommand, ['validate', '--metadata', file, definition]);
    expect(out.join('\n')).toMatch(/Registration.map: There is no concept "Helth ID". Did you mean "Health ID"\?.*\(UnknownConcept\)/);
    expect(status).toBe(1);
  });
});
