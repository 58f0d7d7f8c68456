import { OperationOutcomeError, isOk } from '@medplum/core';
import { FhirRouter } from '@medplum/fhir-router';
import {
  startServer,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatorServer,
  type SimulatorServerOptions,
} from '../server.js';
import { readJson } from '../../json/json.js';
import { usualBehaviour, type FhirBehaviour } from './behaviour.js';
import { processBundle } from './bundle.js';
import { capabilities } from './capabilities.js';
import { interact } from './interact.js';
import { learnR4 } from './learn-r4.js';
import { isCarriedOut, notCarriedOut, oddAnswerTo, oddResponse } from './odd-answers.js';
import { notSupported, refusal } from './outcomes.js';
import { FhirRepository } from './repository.js';
import type { Resource } from './resource.js';
import { FHIR_JSON, refuse, respond } from './respond.js';
import { TokenEndpoint, type TokenEndpointOptions } from './token-endpoint.js';
import { setAll } from '../../model/keyed.js';

export interface FhirSimulatorOptions extends SimulatorServerOptions, Partial<Pick<FhirBehaviour, 'strict' | 'transactions'>> {
  /** Asked for as a bearer token where given. */
  token?: string;
  behaviour?: Partial<FhirBehaviour>;
  /** Gives tokens of OAuth2 at `/oauth/token`, and asks for them. */
  oauth?: TokenEndpointOptions;
}

export interface FhirSimulator extends SimulatorServer {
  repository: FhirRepository;
  /** May be changed while it runs, also by `POST /simulator/behaviour`. */
  behaviour: FhirBehaviour;
  /** Where tokens are given, if they are. */
  oauth: TokenEndpoint | undefined;
}

/**
 * A FHIR R4 server that validates what it stores: Medplum’s router over a repository in memory. Its
 * base is `url` with `/fhir`.
 */
export async function startFhirSimulator({
  strict,
  transactions,
  token,
  oauth: clients,
  ...options
}: FhirSimulatorOptions = {}): Promise<FhirSimulator> {
  learnR4();
  const behaviour = {
    ...usualBehaviour,
    ...(strict !== undefined ? { strict } : {}),
    ...(transactions !== undefined ? { transactions } : {}),
    ...options.behaviour,
  };
  const repository = new FhirRepository(behaviour);
  const router = new FhirRouter();
  const oauth = clients && new TokenEndpoint(clients, () => repository.base);
  const access = { token, oauth };
  // One after another: a transaction must not meet another request half-way.
  let last: Promise<unknown> = Promise.resolve();
  const server = await startServer(options, (request) => {
    const answer = last.then(() => answerRequest(request, router, repository, access));
    last = answer.catch(() => undefined);
    return answer;
  });
  repository.base = server.url;
  return { ...server, repository, behaviour, oauth };
}

async function answerRequest(
  request: SimulatedRequest,
  router: FhirRouter,
  repository: FhirRepository,
  { token, oauth }: { token: string | undefined; oauth: TokenEndpoint | undefined },
): Promise<SimulatedResponse> {
  const { path } = request;
  if (path === '/simulator/resources')
    return request.method === 'POST' ? addResources(request, repository) : { status: 200, body: repository.all() };
  if (path === '/simulator/behaviour') return control(request, repository.behaviour);
  try {
    if (path === '/fhir/metadata') return { status: 200, headers: { 'content-type': FHIR_JSON }, body: capabilities(repository.behaviour) };
    if (oauth && path === '/oauth/token') return await oauth.answer(request);
    if (oauth && path === '/fhir/.well-known/smart-configuration') return { status: 200, body: oauth.configuration() };
    if (oauth && !oauth.knows(request.headers.authorization))
      throw refusal('unauthorized', 'login', 'The token is not known, or has ended');
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      throw refusal('unauthorized', 'login', 'The token is not known');
    return await route(request, router, repository);
  } catch (error) {
    if (error instanceof OperationOutcomeError) return refuse(error.outcome);
    throw error;
  }
}

async function route(request: SimulatedRequest, router: FhirRouter, repository: FhirRepository): Promise<SimulatedResponse> {
  const { method, path, query, headers } = request;
  const [, base, ...rest] = path.split('/');
  const url = rest.filter(Boolean).join('/');
  const { behaviour } = repository;
  if (base !== 'fhir') throw refusal('not-found', 'not-found', 'No such path');
  const kept = query.get('_getpages');
  if (url === '' && method === 'GET' && kept !== null) return whole(repository.pages.further(kept, Number(query.get('_getpagesoffset'))));
  const [, ofType] = /^(\w+)\/_history$/.exec(url) ?? [];
  if (ofType !== undefined && method === 'GET') {
    const [offset, count] = ['_offset', '_count'].map((name) => Number(query.get(name) ?? 0));
    return whole(repository.typeHistory(ofType, query.get('_since'), { offset: offset ?? 0, count: count || 100 }));
  }
  if (url === '') {
    if (method !== 'POST') return unsupported(405, 'Only POST');
    return whole(await processBundle(bodyOf(request), router, repository));
  }
  const isForm = url.endsWith('/_search');
  if (isForm && (!behaviour.postSearch || !/urlencoded/.test(headers['content-type'] ?? '')))
    return unsupported(415, 'A search is a form here');
  if (!behaviour.conditional && (headers['if-none-exist'] !== undefined || (method === 'PUT' && query.size > 0)))
    throw notSupported('No conditional writes here');
  const body = isForm ? formOf(request.body) : bodyOf(request);
  const search = query.size > 0 ? `?${query.toString()}` : '';
  const asked = { method, url: `${url}${search}`, body, headers };
  const odd = oddAnswerTo(asked, behaviour);
  const result = isCarriedOut(odd) ? await interact(router, repository, asked) : notCarriedOut;
  return odd && isOk(result.outcome) ? oddResponse(odd, result) : respond(result, behaviour);
}

function whole(body: object): SimulatedResponse {
  return { status: 200, headers: { 'content-type': FHIR_JSON }, body };
}

function bodyOf({ body }: SimulatedRequest): unknown {
  try {
    return body === '' ? undefined : readJson(body);
  } catch {
    throw refusal('not-json', 'structure', 'The body is not JSON');
  }
}

function formOf(text: string): Record<string, string[]> {
  const form = new URLSearchParams(text);
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)]));
}

function unsupported(status: number, text: string): SimulatedResponse {
  return { ...refuse(notSupported(text).outcome), status };
}

/**
 * Puts resources in, unchecked, as if they were stored when their `meta.lastUpdated` says, or now.
 */
function addResources({ body }: SimulatedRequest, repository: FhirRepository): SimulatedResponse {
  const resources = JSON.parse(body) as Resource[];
  for (const each of resources) {
    const stamp = each.meta?.lastUpdated;
    repository.put(each, stamp === undefined ? undefined : Date.parse(stamp));
  }
  return { status: 200, body: { count: resources.length } };
}

/** `POST /simulator/behaviour` with some of it changes that; every answer is the whole. */
function control({ method, body }: SimulatedRequest, behaviour: FhirBehaviour): SimulatedResponse {
  if (method === 'POST') setAll(behaviour, JSON.parse(body) as Partial<FhirBehaviour>);
  return { status: 200, body: behaviour };
}
