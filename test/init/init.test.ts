import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { initCommand } from '../../src/cli/commands/init.js';
import { readSetUp } from '../../src/cli/saved-set-up.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { givenOrganisation } from '../../src/simulators/avni/given/given-organisation.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { clinicEnv } from '../support/clinic.js';
import { folderOf, OWN } from '../support/own-organisation.js';
import { syncAll } from '../support/sync/sync-all.js';

const folders: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of folders.splice(0)) await remove();
});

async function folder(files: Record<string, string>): Promise<string> {
  const made = await folderOf(files);
  folders.push(made.remove);
  return made.path;
}

async function init(args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const lines: string[] = [];
  const program = new Command('sangam').exitOverride();
  const out = (line: string): void => void lines.push(line);
  initCommand(program, { out, error: out, env, signal: new AbortController().signal });
  await program.parseAsync(['init', ...args], { from: 'user' });
  return lines;
}

const nowhere = clinicEnv('http://127.0.0.1:1', 'http://127.0.0.1:1');

/** What is wrong with a folder that was made, also by the metadata that it was made of. */
async function problemsOf(made: string, metadata: string): Promise<string[]> {
  const loaded = await loadDefinitions({ paths: [made], connectorTypes, env: nowhere, setUp: await readSetUp(metadata) });
  expect(loaded.definitions.length + loaded.problems.length).toBeGreaterThan(0);
  return [...loaded.problems, ...loaded.warnings].map(({ code, message }) => `${code} ${message}`);
}

/** Names that would break YAML, CSV or an expression, were they not written as they must be. */
const ODD = `
subjectTypes: [{ name: 'वि "x": {y}' }, { name: "a,b\\nc" }, { name: "#7 \`tick\`" }]
programs: [{ name: "P: [1]" }]
encounterTypes: [{ name: "%e & $f" }]
genders: ["Female", "ಇತರೆ"]
concepts:
  - { name: "A, \\"b\\" \`c\` $d {e}", dataType: Coded, answers: ["x, y", "\\"q\\"", "- z"] }
  - { name: "group \\"g\\"", dataType: QuestionGroup }
  - { name: "ವಯಸ್ಸು", dataType: Numeric, unit: "a/b" }
  - { name: "Photo: of", dataType: Image }
forms:
  - { formType: IndividualProfile, subjectType: 'वि "x": {y}', questions: [{ concept: "A, \\"b\\" \`c\` $d {e}", several: true }, { concept: "Photo: of" }] }
  - { formType: ProgramEnrolment, subjectType: 'वि "x": {y}', program: "P: [1]", questions: [{ concept: "group \\"g\\"", repeatable: true, questions: [{ concept: "ವಯಸ್ಸು" }, { concept: "A, \\"b\\" \`c\` $d {e}", several: true }] }] }
  - { formType: ProgramEncounter, subjectType: 'वि "x": {y}', program: "P: [1]", encounterType: "%e & $f", questions: [{ concept: "ವಯಸ್ಸು" }] }
`;

describe('sangam init', () => {
  it.each([
    ['a small organisation', OWN],
    ['one with odd names', ODD],
    ['one with types alone', 'subjectTypes: [{ name: Person }]'],
  ])('makes a definition of %s that is valid, and whose records all arrive', async (_what, yaml) => {
    const own = await folder({ 'organisation.yaml': yaml });
    const made = join(own, 'made');
    await init([made, '--metadata', own, '--integration', 'mine']);
    expect((await problemsOf(made, own)).filter((each) => !each.startsWith('NoCodeYet'))).toEqual([]);
    const avni = await startAvniSimulator({ organisation: await givenOrganisation({ path: own, seed: 1, records: 30 }) });
    const fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
    const http = createHttp();
    try {
      // A gender that FHIR has no code for is left to the implementer.
      for (const record of avni.organisation.all().filter(({ body }) => Object.hasOwn((body['observations'] ?? {}) as object, 'Gender')))
        avni.organisation.change(
          record.id,
          { body: { observations: { ...(record.body['observations'] as object), Gender: 'Female' } } },
          record.stamp,
        );
      const store = new IntegrationStore({ path: made, connectorTypes, env: clinicEnv(avni.url, fhir.url), log: silent });
      const found = await store.find('mine/care');
      if ('missing' in found) throw new Error(found.message);
      const results = await syncAll(found.active, { signal: new AbortController().signal, http, log: silent });
      for (const [type, { sheet, stopped, findings }] of Object.entries(results)) {
        expect({ type, stopped, errored: sheet.errored, held: sheet.held, findings }).toEqual({
          type,
          stopped: undefined,
          errored: 0,
          held: 0,
          findings: {},
        });
        expect(sheet.created + sheet.filtered).toBe(sheet.read);
      }
      // A question that was not answered makes nothing, and each that was has its value.
      for (const each of fhir.repository.all().filter(({ resourceType }) => resourceType === 'Observation'))
        expect(Object.keys(each).some((key) => key.startsWith('value') || key === 'component')).toBe(true);
    } finally {
      http.close();
      await avni.close();
      await fhir.close();
    }
  });

  it('fills in types, questions with their units, and answers, and says what is left to do', async () => {
    const own = await folder({ 'organisation.yaml': OWN });
    const made = join(own, 'My clinic');
    const lines = await init([made, '--metadata', own]);
    const text = await readFile(join(made, 'my-clinic.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/definition\.schema\.json\n/);
    expect(text).toContain('from: { system: avni, programEncounter: "Antenatal visit" }');
    expect(text).toContain('dependsOn: { Woman: "`Subject ID`", Pregnancy: "`Enrolment ID`" }');
    expect(text).toContain('concepts: { ignore: ["Household"] }');
    expect(await readFile(join(made, 'codes/AntenatalVisit.csv'), 'utf8')).toBe(
      'group,concept,loinc,unit,ucum,kind\n,Haemoglobin,,g/dL,,quantity\n,Danger signs,,,,choices\nMedicines,Medicine,,,,text\nMedicines,Tablets,,,,quantity\n',
    );
    expect(await readFile(join(made, 'codes/answers.csv'), 'utf8')).toContain('Danger signs,Bleeding,,\n');
    expect(JSON.parse(await readFile(join(made, 'definition.schema.json'), 'utf8'))).toHaveProperty('$schema');
    expect(lines.at(-1)).toBe(`  npx sangam validate --metadata ${own} ${made}`);
    expect(lines.at(-2)).toContain('my-clinic/care');
  });

  it('asks the running Avni where no file is given', async () => {
    const avni = await startAvniSimulator({ organisation: generateOrganisation({ seed: 1, records: 20 }) });
    const made = join(await folder({}), 'clinic');
    const lines = await init([made], clinicEnv(avni.url, 'http://127.0.0.1:1'));
    await avni.close();
    expect(await readFile(join(made, 'clinic.yaml'), 'utf8')).toContain('from: { system: avni, subject: "Beneficiary" }');
    expect(lines.at(-1)).toBe(`  npx sangam validate ${made}`);
  });

  it.each([
    [(own: string) => [own, '--metadata', own], /is there already, and not an empty folder/],
    [(own: string) => [join(own, 'organisation.yaml'), '--metadata', own], /is there already/],
    [(own: string) => [join(own, 'x'), '--metadata', join(own, 'none')], /cannot be used: 1 to mend/],
    [(own: string) => [join(own, 'x'), '--metadata', own, '--integration', 'My clinic'], /takes small letters/],
    [(own: string) => [join(own, 'x')], /The variable AVNI_URL is not set/],
  ])('refuses, and writes nothing: %#', async (args, message) => {
    const own = await folder({ 'organisation.yaml': OWN });
    await expect(init(args(own))).rejects.toThrow(message);
    await expect(readFile(join(own, 'x/definition.schema.json'))).rejects.toThrow('ENOENT');
  });
});
