import { describe, expect, it } from '@jest/globals';
import type { AvniSettings } from '../../src/simulators/avni/settings.js';
import { enrolment, person, programVisit, visit, world, type Answer, type Ask } from './avni-world.js';

const USERS: AvniSettings['users'] = [
  { username: 'good', password: 'right' },
  { username: 'shy', password: 'right', mayGenerateTokens: false },
  { username: 'old', password: 'right', voided: true },
  { username: 'super', password: 'right', superAdmin: true },
];
const NO_HEADERS = {};
const signIn = (ask: Ask, username: string, password = 'right'): Promise<Answer> =>
  ask('POST', '/api/user/generateToken', { username, password }, NO_HEADERS);
const bare = (status: number, error: string) => ({ timestamp: expect.stringMatching(/\+00:00$/), status, error, path: '/api/subjects' });

describe('signing in', () => {
  it.each([
    ['good', 'right', {}, 200, '"authToken":'],
    ['good', 'right', { idp: 'none' }, 200, '{"authToken":null}'],
    ['good', 'wrong', {}, 401, 'HttpClientErrorException$Unauthorized'],
    ['good', 'right', { idpDown: true }, 401, 'ResourceAccessException: I/O error'],
    ['shy', 'right', {}, 403, 'User shy is not allowed to invoke token generation api'],
    ['none', 'right', {}, 404, 'User not-found / is-voided with username: none'],
    ['old', 'right', {}, 404, 'User not-found / is-voided with username: old'],
    ['', 'right', {}, 400, 'BadRequestError'],
    ['good', ' ', {}, 400, 'BadRequestError'],
  ] as const)('as “%s” with “%s” under %j answers %i', async (username, password, settings, status, text) => {
    const { ask } = await world({ settings: { users: USERS, ...settings } });
    const answer = await signIn(ask, username, password);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
  });

  it('is for anyone where nobody is named', async () => {
    const { ask } = await world();
    const { authToken = '' } = (await signIn(ask, 'who', 'ever')).body;
    expect((await ask('GET', '/api/subjects', undefined, { 'auth-token': authToken })).status).toBe(200);
  });
});

describe('a token', () => {
  it('opens the door, comes back as a cookie, and expires with some leeway', async () => {
    const { ask, simulator } = await world({ settings: { users: USERS, idp: 'set' } });
    const use = async (token = '') => ask('GET', '/api/subjects', undefined, { 'AUTH-TOKEN': token });
    const { authToken = '' } = (await signIn(ask, 'good')).body;
    const answer = await use(authToken);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      200,
      expect.stringMatching(/^auth-token=.*; Max-Age=35\d\d;.*Secure; HttpOnly; SameSite=Lax$/),
    ]);
    expect((await ask('GET', `/api/subjects?AUTH-TOKEN=${authToken}`, undefined, NO_HEADERS)).status).toBe(200);
    expect((await ask('GET', '/api/subjects', undefined, { cookie: `a=b; auth-token=${authToken}` })).status).toBe(200);
    simulator.settings.tokenLife = -200_000;
    const late = await use((await signIn(ask, 'good')).body.authToken);
    expect([late.status, late.headers.get('set-cookie')]).toEqual([200, expect.stringContaining('Max-Age=0')]);
    simulator.settings.tokenLife = -300_000;
    expect((await use((await signIn(ask, 'good')).body.authToken)).body).toEqual(bare(401, 'Unauthorized'));
    await fetch(`${simulator.url}/simulator/expire-tokens`, { method: 'POST' });
    expect((await use(authToken)).status).toBe(401);
    simulator.settings.tokenLife = 60_000;
    expect((await use((await signIn(ask, 'good')).body.authToken)).status).toBe(200);
  });

  it.each([
    ['none', {}, 401],
    ['USER-NAME alone', { 'user-name': 'good' }, 401],
    ['a bearer token', { authorization: 'Bearer x' }, 401],
    ['what is none', { 'auth-token': 'x' }, 401],
    ['an unknown key', { 'auth-token': 'eyJraWQiOiJ4In0.eyJleHAiOjF9.x' }, 401],
    [
      'a wrong signature',
      {
        'auth-token': `${Buffer.from('{"kid":"simulator"}').toString('base64url')}.${Buffer.from('{"exp":9999999999}').toString('base64url')}.x`,
      },
      500,
    ],
  ])('that is %s is not one', async (_name, headers, status) => {
    const { ask } = await world({ settings: { users: USERS, idp: 'set' } });
    const answer = await ask('GET', '/api/subjects', undefined, headers as Record<string, string>);
    expect(answer.body).toEqual(bare(status, status === 401 ? 'Unauthorized' : 'Internal Server Error'));
    expect((await ask('GET', '/api/nothing', undefined, headers as Record<string, string>)).status).toBe(status);
  });
});

describe('without an identity provider', () => {
  it.each([
    [{}, 200, ''],
    [{ 'User-Name': 'good' }, 200, ''],
    [{ 'user-name': 'none' }, 401, 'Unauthorized'],
    [{ 'user-name': 'super' }, 500, 'org.springframework.security.access.AccessDeniedException: Access is denied'],
    [{ 'auth-token': 'no jwt' }, 500, 'Internal Server Error'],
  ])('%j answers %i', async (headers, status, text) => {
    const { ask } = await world({ settings: { users: USERS, idp: 'none', defaultUser: 'good' } });
    const answer = await ask('GET', '/api/subjects', undefined, headers as Record<string, string>);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
  });
});

describe('a user who lacks privileges', () => {
  const lacks = [
    { privilege: 'ViewSubject', type: 'Beneficiary' },
    { privilege: 'VoidSubject', type: 'Beneficiary' },
    { privilege: 'ViewVisit', type: 'Health check' },
    { privilege: 'VoidVisit', type: 'Health check' },
    { privilege: 'ViewVisit', type: 'Growth monitoring' },
    { privilege: 'ViewEnrolmentDetails', type: 'Nutrition' },
    { privilege: 'RejectEnrolment', type: 'Nutrition' },
  ];

  it('reads no page or record of the type, writes all the same, and may not delete', async () => {
    const { ask, organisation } = await world({ settings: { users: [{ username: 'poor', lacks }], idp: 'none', defaultUser: 'poor' } });
    const me: Record<string, string> = {};
    expect((await ask('GET', '/api/subjects', undefined, me)).status).toBe(200);
    const bodies = { subject: person(), encounter: visit(), programEnrolment: enrolment(), programEncounter: programVisit() };
    for (const [name, body] of Object.entries(bodies)) expect((await ask('POST', `/api/${name}`, body, me)).status).toBe(200);
    const reads = {
      '/api/subjects': 'ViewSubject for org.avni.server.domain.SubjectType',
      '/api/subject/CRM-1': 'ViewSubject for org.avni.server.domain.SubjectType',
      '/api/encounters': 'ViewVisit for org.avni.server.domain.EncounterType',
      '/api/programEncounter/G-1': 'ViewVisit for org.avni.server.domain.EncounterType',
      '/api/programEnrolments?lastModifiedDateTime=2000-01-01': 'ViewEnrolmentDetails for org.avni.server.domain.Program',
    };
    for (const [path, text] of Object.entries(reads)) {
      const answer = await ask('GET', path, undefined, me);
      expect([answer.status, answer.text]).toEqual([
        403,
        expect.stringContaining(`User does not have privilege of type: ${text} with uuid: `),
      ]);
    }
    expect((await ask('GET', '/api/subjects?subjectType=Other', undefined, me)).status).toBe(200);
    for (const [path, status] of Object.entries({
      'subject/CRM-1': 403,
      'encounter/V-1': 403,
      'programEnrolment/E-1': 403,
      'programEncounter/G-1': 200,
    }))
      expect((await ask('DELETE', `/api/${path}`, undefined, me)).status).toBe(status);
    // The enrolment is voided all the same.
    expect(organisation.all().map(({ kind, voided }) => [kind, voided])).toEqual([
      ['subject', false],
      ['encounter', false],
      ['enrolment', true],
      ['programEncounter', true],
    ]);
  });
});

describe('error texts', () => {
  it('are labelled as the client accepts, may be hidden, and may lose themselves', async () => {
    const { ask, simulator } = await world();
    const fail = async (accept: string, change: object) => ask('POST', '/api/subject', person(change), { 'user-name': 'me', accept });
    for (const [accept, type] of [
      ['application/json', 'application/json'],
      ['*/*', 'text/plain;charset=UTF-8'],
      ['application/xml', 'application/xml;charset=UTF-8'],
    ] as const)
      expect((await fail(accept, { 'First name': null })).headers.get('content-type')).toBe(type);
    simulator.settings.bareNullPointers = true;
    expect((await fail('*/*', { observations: null })).text).toBe('java.lang.NullPointerException\n');
    expect((await fail('*/*', { observations: { X: 1 } })).text).toContain('Concept with name=X not found');
    await fetch(`${simulator.url}/simulator/settings`, { method: 'POST', body: '{"hideExceptions":true}' });
    expect((await fail('*/*', { 'Subject type': 'Nope' })).text).toBe('');
    expect((await fail('*/*', { 'First name': null })).text).toBe('First name cannot be null');
  });
});
