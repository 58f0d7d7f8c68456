import type { SimulatedRequest, SimulatedResponse } from '../server.js';
import { Refusal } from './answers.js';
import type { AvniSettings, AvniUser } from './settings.js';
import type { Tokens } from './tokens.js';

export interface Authenticated {
  user: AvniUser;
  /** Headers of the reply: the server echoes a token as a cookie. */
  headers: Record<string, string>;
}

/** Who asks. @throws Refusal 401, or 500 for what an Avni server trips over */
export function authenticate(request: SimulatedRequest, settings: AvniSettings, tokens: Tokens): Authenticated {
  const token = tokenOf(request);
  const name = request.headers['user-name'];
  if (settings.idp === 'none' && token !== undefined && token.split('.').length !== 3) throw new Refusal({ status: 500, bare: true });
  if (settings.idp === 'none' || (settings.idp === 'any' && typeof name === 'string'))
    return { user: known(typeof name === 'string' ? name : settings.defaultUser, settings), headers: {} };
  if (token === undefined) throw new Refusal({ status: 401, bare: true });
  const read = tokens.read(token);
  if (read.state === 'forged') throw new Refusal({ status: 500, bare: true });
  if (read.state !== 'good') throw new Refusal({ status: 401, bare: true });
  const age = Math.max(0, Math.floor(read.left / 1000) - 60);
  const cookie = `auth-token=${token}; Max-Age=${age}; Path=/; Secure; HttpOnly; SameSite=Lax`;
  return { user: known(read.username, settings), headers: { 'set-cookie': cookie } };
}

/** A header, else a parameter spelt just so, else a cookie. */
function tokenOf({ headers, query }: SimulatedRequest): string | undefined {
  const header = headers['auth-token'];
  return (
    (typeof header === 'string' ? header : undefined) ??
    query.get('AUTH-TOKEN') ??
    /(?:^|; )auth-token=([^;]+)/.exec(headers.cookie ?? '')?.[1]
  );
}

function known(username: string, { users }: AvniSettings): AvniUser {
  const user = users.length === 0 ? { username } : users.find((each) => each.username === username && each.voided !== true);
  if (!user) throw new Refusal({ status: 401, bare: true });
  if (user.superAdmin === true)
    throw new Refusal({ status: 500, exception: 'org.springframework.security.access.AccessDeniedException', message: 'Access is denied' });
  return user;
}

/** `POST /api/user/generateToken`. @throws Refusal */
export function generateToken(request: SimulatedRequest, settings: AvniSettings, tokens: Tokens): SimulatedResponse {
  const { username = '', password = '' } = parsed(request.body);
  if (username.trim() === '' || password.trim() === '')
    throw new Refusal({ status: 400, exception: 'org.avni.server.util.BadRequestError', message: 'Username and password are required' });
  const user: AvniUser | undefined = settings.users.length === 0 ? { username } : settings.users.find((each) => each.username === username);
  if (!user || user.voided === true) throw new Refusal({ status: 404, text: `User not-found / is-voided with username: ${username}` });
  if (user.mayGenerateTokens === false)
    throw new Refusal({ status: 403, text: `User ${username} is not allowed to invoke token generation api` });
  if (settings.idp === 'none') return { status: 200, body: { authToken: null } };
  if (settings.idpDown)
    throw new Refusal({
      status: 401,
      text: 'org.springframework.web.client.ResourceAccessException: I/O error on POST request: Connection refused',
    });
  if (user.password !== undefined && user.password !== password)
    throw new Refusal({ status: 401, text: 'org.springframework.web.client.HttpClientErrorException$Unauthorized: 401 Unauthorized' });
  return { status: 200, body: { authToken: tokens.issue(username, settings.tokenLife) } };
}

function parsed(body: string): { username?: string; password?: string } {
  try {
    return JSON.parse(body) as { username?: string; password?: string };
  } catch {
    throw new Refusal({ status: 400, detail: 'Failed to read request' });
  }
}
