import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { oddVariable } from '../../src/definition/parts/environment.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { check, edited, env, loadFiles, small } from './support.js';

const real = small
  .replace('auth: { userName: me }', 'auth: { username: "${AVNI_USERNAME}", password: "${AVNI_PASSWORD}" }')
  .replace('"${FHIR_URL}" }', '"${FHIR_URL}", auth: { token: "${FHIR_TOKEN}" } }');

async function said(text: string, environment: Record<string, string>): Promise<string[]> {
  const { problems } = await readDefinition('x.yaml', text, connectorTypes, environment);
  return problems.map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

describe('what a variable stands for', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a space behind the URL',
      { AVNI_URL: `${env.AVNI_URL} ` },
      /^BadValue systems\.avni\.url: .* AVNI_URL begins or ends with white space/,
    ],
    [
      'a space before a token',
      { FHIR_TOKEN: ' s3cret' },
      /^BadValue systems\.emr\.auth\.token: .* FHIR_TOKEN begins or ends with white space/,
    ],
    ['a no-break space', { FHIR_TOKEN: 's3cret\u00a0' }, /FHIR_TOKEN begins or ends/],
    ['a line break behind a token', { FHIR_TOKEN: 's3cret\n' }, /FHIR_TOKEN has a line break/],
    ['a line break in a password', { AVNI_PASSWORD: 's3cret\r\n' }, /AVNI_PASSWORD has a line break/],
    ['a control character', { AVNI_USERNAME: 's3cret\u0007' }, /AVNI_USERNAME has a control character/],
    ['a tab in the URL', { AVNI_URL: 'https://a\t.org/s3cret' }, /AVNI_URL has a control character/],
    ['a space in the URL', { AVNI_URL: 'https://a.org/s3 cret' }, /^InvalidUrl systems\.avni\.url: The URL has white space/],
    [
      'a token beyond Latin-1',
      { FHIR_TOKEN: 's3cret-Ā' },
      /systems\.emr\.auth\.token: "token" .*Latin-1.*\(from the variable FHIR_TOKEN\)/,
    ],
  ])('%s is refused where it is read, by the name of the variable', async (_name, changes, says) => {
    const found = await said(real, { ...env, ...changes });
    expect(found).toEqual([expect.stringMatching(says)]);
    expect(found.join()).not.toMatch(/s3cret|s3 cret/);
  });

  it('a name that a header cannot carry is refused, from a variable or from the file', async () => {
    const name = real.replace('username: "${AVNI_USERNAME}", password: "${AVNI_PASSWORD}"', 'userName: "${AVNI_USERNAME}"');
    expect(await said(name, { ...env, AVNI_USERNAME: 'गीता' })).toEqual([
      expect.stringMatching(/systems\.avni\.auth\.userName: "userName" .*Latin-1.*\(from the variable AVNI_USERNAME\)/),
    ]);
    expect(await said(name.replace('${AVNI_USERNAME}', 'गीता'), env)).toEqual([expect.stringMatching(/"userName" .*Latin-1/)]);
    expect(await said(name, { ...env, AVNI_USERNAME: 'Müller' })).toEqual([]);
  });

  it('of a proxy, by which a system is asked, is refused by the name of the variable', async () => {
    const before = process.env['https_proxy'];
    process.env['https_proxy'] = 'socks5://user:s3cret@proxy.example';
    try {
      const found = await said(real, env);
      expect(found).toEqual(
        ['avni', 'emr'].map((name) => expect.stringMatching(`^BadValue systems\\.${name}\\.url: .* https_proxy is no http`)),
      );
      expect(found.join()).not.toContain('s3cret');
      process.env['https_proxy'] = 'proxy.example:3128';
      expect(await said(real, env)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['https_proxy'];
      else process.env['https_proxy'] = before;
    }
  });

  it('a password may have spaces, and any script: it goes into a body', async () => {
    expect(await said(real, { ...env, AVNI_PASSWORD: ' गीता ' })).toEqual([]);
  });

  it('a private key may have several lines, and who the client is may stand in the file', async () => {
    const client =
      'auth: { clientId: sangam, keyId: k1, tokenUrl: "https://id.example/token", scope: "system/*.read", privateKey: "${FHIR_TOKEN}" }';
    const signed = real.replace('auth: { token: "${FHIR_TOKEN}" }', client);
    expect(await said(signed, { ...env, FHIR_TOKEN: '-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n' })).toEqual([]);
    expect(await said(signed, { ...env, FHIR_TOKEN: 'MIG\u0000' })).toEqual([expect.stringMatching(/privateKey: .*control character/)]);
    expect(await said(signed.replace('${FHIR_TOKEN}', 'MIG'), env)).toEqual([
      expect.stringMatching(/^LiteralSecret systems\.emr\.auth\.privateKey/),
    ]);
  });
});

describe('a variable that others read', () => {
  it.each([
    ['s3cret\n', 'has a line break'],
    ['s3cret ', 'begins or ends with white space'],
    ['s3cret\u0007', 'has a control character'],
    ['s3cretĀ', 'has a character that no header carries'],
  ])('is told by its name where it cannot be used: %j', (value, says) => {
    const told = oddVariable({ TEMPORAL_API_KEY: value }, 'TEMPORAL_API_KEY', { header: true });
    expect(told).toContain(`The value of the variable TEMPORAL_API_KEY ${says}`);
    expect(told).not.toContain('s3cret');
  });

  it('is not told of where it can, or is not set', () => {
    for (const env of [{}, { A: '' }, { A: 'host:7233' }]) expect(oddVariable(env, 'A')).toBeUndefined();
  });
});

describe('a secret in a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangam-secrets-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const { AVNI_PASSWORD: _password, ...others } = env;
  const settingOf = async (content: string | Buffer, more: Record<string, string> = {}) => {
    const file = join(folder, 'password');
    await writeFile(file, content);
    const { definition, problems } = await readDefinition('x.yaml', real, connectorTypes, { ...others, AVNI_PASSWORD_FILE: file, ...more });
    return definition?.systems['avni']?.settings ?? problems.map(({ message }) => message);
  };

  it.each(['s3cret', 's3cret\n', 's3cret\r\n'])('is taken without the end of its line', async (content) => {
    expect(await settingOf(content)).toMatchObject({ auth: { password: 's3cret' } });
  });

  it('counts where the variable itself is not set, or empty', async () => {
    expect(await settingOf('of the file', { AVNI_PASSWORD: '' })).toMatchObject({ auth: { password: 'of the file' } });
    expect(await settingOf('of the file', { AVNI_PASSWORD: 'its own' })).toMatchObject({ auth: { password: 'its own' } });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['empty', '\n', /AVNI_PASSWORD_FILE names is empty/],
    ['of two lines', 's3cret\ns3cret\n', /AVNI_PASSWORD_FILE names has a line break/],
    ['in another encoding', Buffer.from('s3cret\xe9', 'latin1'), /AVNI_PASSWORD_FILE names is not in UTF-8/],
    ['too large', 's3cret'.repeat(20_000), /AVNI_PASSWORD_FILE names is larger/],
  ])('that is %s is told by the variable’s name', async (_name, content, says) => {
    const told = await settingOf(content);
    expect(told).toEqual([expect.stringMatching(says)]);
    expect(JSON.stringify(told)).not.toContain('s3cret');
  });

  it('that is not there is told by the variable’s name', async () => {
    const found = await said(real, { ...others, AVNI_PASSWORD_FILE: join(folder, 'nothing') });
    expect(found).toEqual([expect.stringMatching(/^MissingVariable .*: The file that AVNI_PASSWORD_FILE names cannot be read/)]);
  });
});

describe('variables', () => {
  it.each([
    ['a link', edited('"${FHIR_URL}" }', '"${FHIR_URL}", link: "https://x.org/{id}?t=${FHIR_TOKEN}" }'), 'systems.emr.link'],
    ['a tenant', edited('"${FHIR_URL}" }', '"${FHIR_URL}", tenant: "${FHIR_TOKEN}" }'), 'systems.emr.tenant'],
    ['a setting of the source', edited('subject: Person', 'subject: "${FHIR_TOKEN}"'), 'processes.one.entityTypes.Person.from.subject'],
    [
      'the system of a key',
      edited('resource: Patient }', 'resource: Patient, key: { system: "${FHIR_URL}/id", value: ID } }'),
      'processes.one.entityTypes.Person.to.key.system',
    ],
  ])('are refused in %s', async (_name, text, path) => {
    const { found } = await check(text);
    expect(found).toContain(`MisplacedVariable ${path}`);
  });

  it('of others are neither used nor named, where SANGAM_VARIABLES says whose they are', async () => {
    const limited = { ...env, OTHER_TOKEN: 's3cret', SANGAM_VARIABLES: 'small=AVNI_*, FHIR_URL; other=OTHER_*' };
    expect((await check(small, limited)).found).toEqual([]);
    for (const name of ['OTHER_TOKEN', 'OTHER_TOKENS', 'FHIR_TOKEN']) {
      const { found, problems } = await check(edited('"${FHIR_URL}"', `"\${${name}}"`), limited);
      expect(found).toEqual(['VariableNotAllowed systems.emr.url']);
      // Whether there is such a variable is not told either.
      expect(problems[0]?.message).toBe(`The variable ${name} is not one that SANGAM_VARIABLES lets the integration small use.`);
    }
    const { problems } = await check(edited('"${FHIR_URL}"', '"${FHIR_ULR}"'), limited);
    expect(problems[0]?.message).toMatch(/Did you mean "FHIR_URL"\?$/);
  });

  it('may none be used by an integration that SANGAM_VARIABLES does not name, nor where it cannot be read', async () => {
    for (const setting of ['other=*', 'small', 'small=A-B', 'small=AVNI_URL=FHIR_URL', 'Small=*']) {
      const { definition, found } = await check(small, { ...env, SANGAM_VARIABLES: setting });
      expect(definition).toBeUndefined();
      expect(found).toEqual(expect.arrayContaining(['VariableNotAllowed systems.avni.url', 'VariableNotAllowed systems.emr.url']));
      expect(found.includes('BadSetting ')).toBe(setting !== 'other=*');
    }
  });

  it('are all allowed to one definition; with several a warning asks whose they are', async () => {
    const files = { 'a.yaml': small, 'b.yaml': small.replace('small', 'other') };
    const warned = async (each: Record<string, string>, more: object = {}): Promise<string[]> =>
      (await loadFiles(each, { ...env, ...more })).warnings.map(({ code }) => code);
    expect(await warned({ 'a.yaml': small })).toEqual([]);
    expect(await warned(files)).toEqual(['VariablesNotLimited']);
    expect(await warned(files, { SANGAM_VARIABLES: 'small=*; other=*' })).toEqual([]);
  });
});

describe('a token', () => {
  it.each([
    ['http://emr.example.org/r4', true],
    ['http://10.0.0.7/r4', true],
    ['http://127.0.0.1.example.org/r4', true],
    ['https://emr.example.org/r4', false],
    ['http://localhost:8080/r4', false],
    ['http://127.0.0.1:8080/r4', false],
    ['http://[::1]:8080/r4', false],
  ])('to %s: a warning is %s', async (url, warns) => {
    const { definitions, warnings } = await loadFiles({ 'a.yaml': real }, { ...env, FHIR_URL: url });
    expect(definitions).toHaveLength(1);
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual(warns ? ['PlainHttp systems.emr.url'] : []);
  });

  it('is not missed where there is none', async () => {
    expect((await loadFiles({ 'a.yaml': small }, { ...env, FHIR_URL: 'http://emr.example.org' })).warnings).toEqual([]);
  });
});
