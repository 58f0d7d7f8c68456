import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { validateCommand } from '../../src/cli/commands/validate.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { CLINIC, clinicEnv } from '../support/clinic.js';

let avni: AvniSimulator;
let fhir: FhirSimulator;
let folder: string;

beforeEach(async () => {
  avni = await startAvniSimulator({
    organisation: generateOrganisation({ seed: 3, records: 100 }),
    user: { username: 'integrator', password: 'secret-of-avni' },
  });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  folder = await mkdtemp(join(tmpdir(), 'sangam-validate-'));
});

afterEach(async () => {
  await avni.close();
  await fhir.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * What `sangam validate --online` prints for the clinic definition with some text of it replaced,
 * and its status.
 */
async function validate(replace: [string, string][] = [], env = clinicEnv(avni.url, fhir.url)): Promise<{ text: string; status: number }> {
  let yaml = await readFile(join(CLINIC, 'clinic.yaml'), 'utf8');
  for (const [from, to] of replace) yaml = yaml.replace(from, to);
  await writeFile(join(folder, 'clinic.yaml'), yaml);
  const lines: string[] = [];
  let status = -1;
  const out = (line: string): void => void lines.push(line);
  const program = new Command();
  validateCommand(program, { out, error: out, env, signal: new AbortController().signal }, (result) => (status = result));
  await program.parseAsync(['node', 'sangam', 'validate', '--online', join(folder, 'clinic.yaml')]);
  return { text: lines.join('\n'), status };
}

describe('sangam validate --online', () => {
  it('is content where both systems answer and every type may be read; it reads one record of each, and writes nothing', async () => {
    const { text, status } = await validate();
    expect(status).toBe(0);
    expect(text).toContain('avni answers.');
    expect(text).toContain('emr answers.');
    expect(text).toContain('1 definition is valid.');
    for (const list of ['/api/subjects', '/api/programEnrolments', '/api/programEncounters', '/api/encounters'])
      expect(avni.requests).toContain(`GET ${list}`);
    expect(fhir.requests.every((each) => each.startsWith('GET'))).toBe(true);
  });

  it('warns of what the FHIR server says it cannot do, with status 0', async () => {
    fhir.behaviour.transactions = false;
    const { text, status } = await validate();
    expect(text).toMatch(/Beneficiary, a warning: .*transactions.*\(CapabilityMissing\)/);
    expect(status).toBe(0);
  });

  it('warns of searches that the FHIR server does not name, where it names others', async () => {
    const resource = ['Patient', 'EpisodeOfCare', 'Encounter', 'Observation'].map((type) => ({ type, searchParam: [{ name: '_id' }] }));
    const body = { resourceType: 'CapabilityStatement', rest: [{ mode: 'server', resource }] };
    fhir.faults.push({ path: '/fhir/metadata', do: { respond: { status: 200, body } } });
    const { text, status } = await validate([['resource: Patient }', 'resource: Patient, key: { system: "urn:k", value: ID } }']]);
    expect(text).toMatch(/Beneficiary, a warning: .*search of Patient by “_tag”.*\(CapabilityMissing\)/);
    expect(text).toMatch(/Beneficiary, a warning: .*search of Patient by “identifier”.*\(CapabilityMissing\)/);
    expect(text).not.toContain('“_id”');
    expect(status).toBe(0);
  });

  it('names the privilege that the user lacks, and the type', async () => {
    const body = 'User does not have privilege of type: ViewVisit for org.avni.server.domain.EncounterType with uuid: 0a1b';
    avni.faults.push({ path: '/api/encounters', do: { respond: { status: 403, body } } });
    const { text, status } = await validate();
    expect(status).toBe(1);
    expect(text).toMatch(/HealthCheck: .*“Health check”.* lacks the privilege ViewVisit\. .*\(Forbidden\)/);
    expect(text).toContain('1 to mend.');
  });

  it('finds out a type name that Avni does not know, and warns where it cannot tell', async () => {
    const dropped = await validate([['programEncounter: Growth monitoring', 'programEncounter: Growth monitorng']]);
    expect(dropped.status).toBe(1);
    expect(dropped.text).toMatch(/Growth: .*“Growth monitorng”.*\(FilterDropped\)/);
    const unknown = await validate([['subject: Beneficiary', 'subject: Benificiary']]);
    expect(unknown.status).toBe(1);
    expect(unknown.text).toMatch(/Beneficiary: .*subjectType “Benificiary”.* It has “Beneficiary”.*\(UnknownType\)/);
    // A deployment may forbid to read what is set up.
    avni.settings.metadataReadable = false;
    const nothing = await validate([['subject: Beneficiary', 'subject: Benificiary']]);
    expect(nothing.status).toBe(0);
    expect(nothing.text).toMatch(/Beneficiary, a warning: .*subjectType “Benificiary”.*\(NothingThere\)/);
  });

  it('warns of each concept in a mapping that Avni does not have, once, and of none where the user may not read them', async () => {
    const wrong: [string, string][] = [
      ['observations.Weight,', 'observations.Wieght,'],
      ['{ "text": observations.Household.`Head of household` }', '{ "text": observations.Household.`Head of houshold` }'],
    ];
    const { text, status } = await validate(wrong);
    expect(status).toBe(0);
    expect(text.match(/\(UnknownConcept\)/g)?.length).toBe(2);
    expect(text).toMatch(/Growth, a warning: Avni has no concept "Wieght", .*letter by letter.*\(UnknownConcept\)/);
    expect(text).toMatch(/Beneficiary, a warning: Avni has no concept "Head of houshold"/);
    expect((await validate()).text).not.toContain('UnknownConcept');
    avni.settings.metadataReadable = false;
    expect((await validate(wrong)).text).not.toContain('UnknownConcept');
  });

  it.each([
    ['enrolment: Nutrition', 'enrolment: Nutritoin', 'Enrolment: .*program “Nutritoin”.* It has “Nutrition”'],
    ['encounter: Health check', 'encounter: Health chek', 'HealthCheck: .*“Health chek”.* It has '],
  ])('ends with status 1 for “%s” written “%s”', async (from, to, says) => {
    const { text, status } = await validate([[from, to]]);
    expect(status).toBe(1);
    expect(text).toMatch(new RegExp(`${says}.*\\(UnknownType\\)`));
  });

  it('asks no type of a system that does not answer, says why once, and shows no secret', async () => {
    const { text, status } = await validate([], { ...clinicEnv(avni.url, fhir.url), AVNI_PASSWORD: 'secret-that-is-wrong' });
    expect(status).toBe(1);
    expect(text.match(/\(Unauthorized\)/g)?.length).toBe(1);
    expect(text).not.toContain('secret-');
    expect(avni.requests.filter((each) => !each.endsWith('generateToken'))).toEqual([]);
  });
});
