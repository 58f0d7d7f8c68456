// A FHIR-like destination that keeps what it is given and finds it by tag or id, as cheaply as it
// can: `node fhir.js <latency>`.
import { serve, type StubAnswer } from './serve.js';

interface Resource {
  resourceType: string;
  id: string;
  meta?: { versionId?: string; tag?: { system: string; code: string }[] };
}

/** A resource as it is answered with. */
interface Stored {
  text: string;
  version: number;
}

const [latency = 5] = process.argv.slice(2).map(Number);
const byId = new Map<string, Stored>();
const byTag = new Map<string, Set<string>>();
const counts = { requests: 0, writes: 0, searches: 0, refused: 0 };
let listing: string[] = [];
/** Of how many records one is refused; none where 0. */
let refuseEvery = 0;

await serve(
  latency,
  ({ method, url, body }) => {
    counts.requests += 1;
    const [, , type = '', id] = url.pathname.split('/');
    if (method === 'POST') return id === '_search' ? search(type, new URLSearchParams(body)) : transaction(body);
    if (method === 'PUT') return isRefused(body) ? refusal() : single(JSON.parse(body) as Resource);
    if (type === 'metadata') return { body: '{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"}' };
    if (id !== undefined) return one(`${type}/${id}`);
    return search(type, url.searchParams);
  },
  (path) => {
    if (path === '/stub/empty') {
      byId.clear();
      byTag.clear();
    }
    if (path === '/stub/empty' || path === '/stub/reset')
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] = 0;
    const refuse = /^\/stub\/refuse-(\d+)$/.exec(path)?.[1];
    if (refuse !== undefined) refuseEvery = Number(refuse);
    return { ...counts, resources: byId.size };
  },
);

/** By the number at the end of the identifier, as the source stub makes them. */
function isRefused(body: string): boolean {
  return refuseEvery > 0 && Number(/"value":"[0-9a-f-]*?0*(\d+)"/.exec(body)?.[1] ?? 1) % refuseEvery === 0;
}

function refusal(): StubAnswer {
  counts.refused += 1;
  return { status: 422, body: '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"business-rule"}]}' };
}

/** Keeps a resource as its next version. */
function put(resource: Resource): Stored {
  counts.writes += 1;
  const reference = `${resource.resourceType}/${resource.id}`;
  const version = (byId.get(reference)?.version ?? 0) + 1;
  resource.meta = { ...resource.meta, versionId: String(version) };
  const stored = { text: JSON.stringify(resource), version };
  byId.set(reference, stored);
  for (const { system, code } of resource.meta.tag ?? []) {
    const key = `${resource.resourceType} ${system}|${code}`;
    byTag.set(key, (byTag.get(key) ?? new Set()).add(reference));
  }
  return stored;
}

function single(resource: Resource): StubAnswer {
  const { text, version } = put(resource);
  return { status: version === 1 ? 201 : 200, body: text };
}

/** Each entry is answered as HAPI does: with where it is, and of which version. */
function transaction(body: string): StubAnswer {
  const { entry } = JSON.parse(body) as { entry: { resource: Resource }[] };
  const answers = entry.map(({ resource }) => {
    const { version } = put(resource);
    const status = version === 1 ? '201 Created' : '200 OK';
    const location = `${resource.resourceType}/${resource.id}/_history/${version}`;
    return `{"response":{"status":"${status}","location":"${location}","etag":"${version}"}}`;
  });
  return { body: `{"resourceType":"Bundle","type":"transaction-response","entry":[${answers.join(',')}]}` };
}

function one(reference: string): StubAnswer {
  const stored = byId.get(reference);
  return stored ? { body: stored.text } : { status: 404, body: '{"resourceType":"OperationOutcome","issue":[]}' };
}

/** All of a type, which is tagged: a page of it, as it is kept. */
function listed(type: string, query: URLSearchParams): StubAnswer {
  const [from, count] = [Number(query.get('_offset') ?? 0), Number(query.get('_count') ?? 100)];
  // Made once for all pages.
  if (from === 0) listing = [...byId.keys()].filter((reference) => reference.startsWith(`${type}/`));
  const found = listing.slice(from, from + count).flatMap((reference) => byId.get(reference)?.text ?? []);
  const next = `${type}?_tag=${encodeURIComponent(query.get('_tag') ?? '')}&_count=${count}&_offset=${from + count}`;
  const link = from + count < listing.length ? [{ relation: 'next', url: next }] : [];
  const entry = found.map((text) => `{"resource":${text}}`).join(',');
  return { body: `{"resourceType":"Bundle","type":"searchset","link":${JSON.stringify(link)},"entry":[${entry}]}` };
}

function search(type: string, query: URLSearchParams): StubAnswer {
  counts.searches += 1;
  if (query.get('_tag')?.endsWith('|')) return listed(type, query);
  const ids = (query.get('_id')?.split(',') ?? []).map((id) => `${type}/${id}`);
  const tagged = (query.get('_tag')?.split(',') ?? []).flatMap((tag) => [...(byTag.get(`${type} ${tag}`) ?? [])]);
  const found = [...ids, ...tagged].flatMap((reference) => byId.get(reference)?.text ?? []);
  return { body: `{"resourceType":"Bundle","type":"searchset","entry":[${found.map((text) => `{"resource":${text}}`).join(',')}]}` };
}
