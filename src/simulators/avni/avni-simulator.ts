import { randomUUID } from 'node:crypto';
import {
  startServer,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatorServer,
  type SimulatorServerOptions,
} from '../server.js';
import { answerRead } from './api.js';
import { AvniOrganisation } from './organisation.js';

export interface AvniSimulatorOptions extends SimulatorServerOptions {
  organisation?: AvniOrganisation;
  /** Who may sign in; anyone where absent. */
  user?: { username: string; password: string };
}

export interface AvniSimulator extends SimulatorServer {
  organisation: AvniOrganisation;
  /** Makes every token given out so far expire. */
  expireTokens(): void;
}

/** An Avni server as far as it is read: lists, single records, sign-in; plus `/simulator/…` to change and dump its records. */
export async function startAvniSimulator(options: AvniSimulatorOptions = {}): Promise<AvniSimulator> {
  const organisation = options.organisation ?? new AvniOrganisation();
  const tokens = new Set<string>();
  const server = await startServer(options, (request) => {
    if (request.path === '/api/user/generateToken') return signIn(request, options.user, tokens);
    if (request.path.startsWith('/simulator/')) return control(request, organisation);
    if (request.path === '/ping') return { status: 200, body: 'pong' };
    const token = request.headers['auth-token'];
    if (request.headers['user-name'] === undefined && (typeof token !== 'string' || !tokens.has(token))) return unauthorised(request);
    return answerRead(request, organisation) ?? { status: 404, body: { status: 404, path: request.path } };
  });
  return { ...server, organisation, expireTokens: () => tokens.clear() };
}

function signIn(request: SimulatedRequest, user: AvniSimulatorOptions['user'], tokens: Set<string>): SimulatedResponse {
  const given = JSON.parse(request.body) as { username?: string; password?: string };
  if (user && given.username !== user.username) return { status: 404, body: 'User not-found / is-voided with username' };
  if (user && given.password !== user.password)
    return { status: 401, body: 'org.springframework.web.client.HttpClientErrorException$Unauthorized: 401' };
  const authToken = `token-${randomUUID()}`;
  tokens.add(authToken);
  return { status: 200, body: { authToken } };
}

function unauthorised({ path }: SimulatedRequest): SimulatedResponse {
  return { status: 401, body: { timestamp: new Date().toISOString().replace('Z', '+00:00'), status: 401, error: 'Unauthorized', path } };
}

/** `GET /simulator/records`: all, in short. `POST /simulator/records/<id>`: changes observations or `voided`. */
function control(request: SimulatedRequest, organisation: AvniOrganisation): SimulatedResponse {
  const id = /^\/simulator\/records\/(.+)$/.exec(request.path)?.[1];
  if (id === undefined)
    return {
      status: 200,
      body: organisation.all().map(({ id: ID, kind, type, voided, stamp, body }) => ({ ID, kind, type, voided, stamp, body })),
    };
  const record = organisation.get(id);
  if (!record) return { status: 404, body: 'no such record' };
  const { observations, voided } = JSON.parse(request.body) as { observations?: Record<string, unknown>; voided?: boolean };
  const merged = { ...(record.body['observations'] as Record<string, unknown>), ...observations };
  organisation.change(id, { body: { observations: merged }, ...(voided !== undefined ? { voided } : {}) });
  return { status: 200, body: { ID: id, stamp: record.stamp } };
}
