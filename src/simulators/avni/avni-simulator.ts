import { setTimeout as pause } from 'node:timers/promises';
import {
  startServer,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatorServer,
  type SimulatorServerOptions,
} from '../server.js';
import { complain, Refusal } from './answers.js';
import { authenticate, generateToken } from './authentication.js';
import { control } from './control.js';
import { answerGroupSubjects } from './group-subjects.js';
import { answerList } from './lists.js';
import { answerLocations } from './locations.js';
import { answerMetadata } from './answer-metadata.js';
import { AvniOrganisation } from './organisation.js';
import { answerApprovalStatuses } from './approval-statuses.js';
import { versionOf } from './parameters.js';
import { answerRecord } from './records.js';
import type { RequestContext } from './request-context.js';
import { usualSettings, type AvniSettings } from './settings.js';
import { answerTasks, writeTask } from './tasks.js';
import { Tokens } from './tokens.js';

export interface AvniSimulatorOptions extends SimulatorServerOptions {
  organisation?: AvniOrganisation;
  /** The one who may sign in; anyone where neither this nor `settings.users` says so. */
  user?: { username: string; password: string };
  settings?: Partial<AvniSettings>;
}

export interface AvniSimulator extends SimulatorServer {
  organisation: AvniOrganisation;
  /** May be changed while it runs, also by `POST /simulator/settings`. */
  settings: AvniSettings;
  /** Makes every token given out so far expire. */
  expireTokens(): void;
}

/**
 * An Avni server’s external API over an organisation in memory, and `/simulator/…` to change, dump
 * and disturb it.
 */
export async function startAvniSimulator(options: AvniSimulatorOptions = {}): Promise<AvniSimulator> {
  const organisation = options.organisation ?? new AvniOrganisation();
  const settings: AvniSettings = { ...usualSettings, users: options.user ? [options.user] : [], ...options.settings };
  const tokens = new Tokens();
  const server = await startServer(options, async (request) => {
    if (request.path.startsWith('/simulator/')) return control(request, organisation, settings, tokens);
    // A write is answered once it is committed, or the one that it lost to is.
    const delay = request.method === 'GET' ? 0 : (organisation.lateCommits?.milliseconds ?? 0);
    const response = answer(request, organisation, settings, tokens);
    if (delay > 0 && [200, 409].includes(response.status)) await pause(delay);
    return { ...response, date: dateOf(organisation, settings) };
  });
  return { ...server, organisation, settings, expireTokens: () => tokens.expireAll() };
}

/** What the Date header says. */
function dateOf(organisation: AvniOrganisation, { dateAhead }: AvniSettings): number | null {
  return dateAhead === null ? null : organisation.now() + dateAhead;
}

function answer(request: SimulatedRequest, organisation: AvniOrganisation, settings: AvniSettings, tokens: Tokens): SimulatedResponse {
  if (request.path === '/ping') return { status: 200, body: 'pong' };
  if (settings.databaseDown) return { ...complain({ status: 500, bare: true }, request, settings), cut: true };
  let response: SimulatedResponse;
  try {
    if (request.path === '/api/user/generateToken' && request.method === 'POST') response = generateToken(request, settings, tokens);
    else {
      const { user, headers } = authenticate(request, settings, tokens);
      const answered = route({ request, organisation, settings, user, version: request.path.startsWith('/api/') ? versionOf(request) : 1 });
      response = { ...answered, headers: { ...answered.headers, ...headers } };
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response = complain(error.complaint, request, settings);
  }
  return [400, 500].includes(response.status) ? { ...response, headers: { ...response.headers, connection: 'close' } } : response;
}

function route(c: RequestContext): SimulatedResponse {
  const { method, path } = c.request;
  const listed =
    method === 'GET'
      ? (answerList(c) ?? answerTasks(c) ?? answerLocations(c) ?? answerGroupSubjects(c) ?? answerApprovalStatuses(c) ?? answerMetadata(c))
      : undefined;
  const answered = listed ?? writeTask(c) ?? answerRecord(c);
  if (!answered) throw new Refusal({ status: 404, detail: `No static resource ${path.slice(1)}.` });
  return answered;
}
