import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { validateCommand } from '../../src/cli/commands/validate.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sangam-validate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const definition = (name: string, date = '$date(At, "Asia/Kolkata")'): string => `integration: ${name}
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { token: "\${AVNI_TOKEN}" } }
  emr: { connector: fhir, url: "https://emr.example.org" }
codes:
  t: { A: 1E50, B: "" }
processes:
  one:
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, resource: Patient }
        map: '{ "resourceType": "Patient", "birthDate": ${date} }'
`;

/** What `sangam validate` prints for the folder, and its status. */
async function validate(env: Record<string, string>): Promise<{ text: string; status: number }> {
  const lines: string[] = [];
  let status = -1;
  const out = (line: string): void => void lines.push(line);
  const program = new Command();
  validateCommand(program, { out, error: out, env, signal: new AbortController().signal }, (result) => (status = result));
  await program.parseAsync(['node', 'sangam', 'validate', folder]);
  return { text: lines.join('\n'), status };
}

describe('sangam validate', () => {
  it('prints warnings with their lines, and ends with 0 all the same', async () => {
    await writeFile(join(folder, 'a.yaml'), definition('a'));
    await writeFile(join(folder, 'b.yaml'), definition('b'));
    const { text, status } = await validate({ AVNI_URL: 'http://avni.example.org', AVNI_TOKEN: 's3cret' });
    expect(status).toBe(0);
    expect(text).toMatch(/a\.yaml:6:\d+ codes\.t\.B: A warning: .*no code yet.*\(NoCodeYet\)/);
    expect(text).toMatch(/a\.yaml:3:\d+ systems\.avni\.url: A warning: .*http:\/\/.*\(PlainHttp\)/);
    expect(text).toMatch(/A warning: .*SANGAM_VARIABLES.*\(VariablesNotLimited\)/);
    expect(text).toContain('2 definitions are valid.');
    expect(text).not.toContain('s3cret');
  });

  it('names the variable that is not fit to be used, never what it holds, and the zone that is none', async () => {
    await writeFile(join(folder, 'a.yaml'), definition('a', '$date(At, "Asia/Calcuta")'));
    const { text, status } = await validate({ AVNI_URL: 'https://avni.example.org/s3cret ', AVNI_TOKEN: 's3cret\n' });
    expect(status).toBe(1);
    expect(text).toMatch(/AVNI_URL begins or ends with white space/);
    expect(text).toMatch(/AVNI_TOKEN has a line break/);
    expect(text).toMatch(/a\.yaml:13:\d+ .*time zone that is not in the IANA database.*\(BadZone\)/);
    expect(text).toContain('3 to mend.');
    expect(text).not.toContain('s3cret');
  });

  it('takes secrets from files, and lets no definition use the variables of another', async () => {
    await writeFile(join(folder, 'a.yaml'), definition('a'));
    await writeFile(join(folder, 'b.yaml'), definition('b'));
    await writeFile(join(folder, 'token'), 's3cret\n');
    const env = { AVNI_URL: 'https://avni.example.org', AVNI_TOKEN_FILE: join(folder, 'token') };
    expect((await validate({ ...env, SANGAM_VARIABLES: 'a=AVNI_*; b=AVNI_*' })).text).toContain('2 definitions are valid.');
    const { text, status } = await validate({ ...env, SANGAM_VARIABLES: 'a=AVNI_*; b=AVNI_URL' });
    expect(status).toBe(1);
    expect(text).toMatch(/b\.yaml:3:\d+ systems\.avni\.auth\.token: .*lets the integration b use\. \(VariableNotAllowed\)/);
    expect(text).not.toContain('s3cret');
  });
});
