import type { ConnectorType } from '../connectors/connector.js';
import type { ConnectorTypes } from '../connectors/registry.js';
import { proxyFor } from '../http/proxy.js';
import type { SystemDefinition } from './definition.js';
import type { Draft } from './draft.js';
import { durationOf } from './parts/duration.js';
import { canonicalJson, sha256 } from './parts/hash.js';
import { hasSecret, refuseLiteralSecrets } from './parts/literal-secrets.js';
import { linkProblem } from './parts/link.js';
import { expandVariables, type Variables } from './parts/variables.js';
import type { SystemInput } from './schema/system.js';
import type { Report } from './source/report.js';
import { parseReported } from './source/schema-problems.js';
import { didYouMean, listed } from './source/suggest.js';
import type { Path } from './source/path.js';
import { getOwn } from '../model/keyed.js';

/** A system as far as it could be read. */
export interface ReadSystem {
  name: string;
  /** Absent where no such connector is known. */
  type?: ConnectorType;
  /** Absent where anything is wrong with it. */
  definition?: SystemDefinition;
}

const engineKeys = ['connector', 'tenant', 'link', 'margin', 'clockBound', 'overlap', 'pageSize'];

/**
 * Checks the systems of a file, with the schemas of their connectors, and puts in what the
 * environment says.
 */
export function readSystems(draft: Draft, types: ConnectorTypes, variables: Variables, report: Report): Map<string, ReadSystem> {
  const read = new Map<string, ReadSystem>();
  for (const [name, input] of draft.systems) read.set(name, input ? readSystem(name, input, types, variables, report) : { name });
  return read;
}

function readSystem(name: string, input: SystemInput, types: ConnectorTypes, variables: Variables, report: Report): ReadSystem {
  const at: Path = ['systems', name];
  const { url: address, auth } = input;
  const expanded = expandVariables(
    { ...(address !== undefined ? { url: address } : {}), ...(auth !== undefined ? { auth } : {}) },
    variables,
    at,
    report,
  );
  refuseLiteralSecrets(input['auth'], [...at, 'auth'], report);
  const type = Object.hasOwn(types, input.connector) ? getOwn(types, input.connector) : undefined;
  if (!type) {
    const known = Object.keys(types);
    const message = `There is no connector "${input.connector}".${didYouMean(input.connector, known)}`;
    report.add('UnknownConnector', [...at, 'connector'], message, { allowed: listed(known) });
    return { name };
  }
  // First as it is written, so that a message can hold no secret; then with what the variables
  // stand for.
  const place = { at, alsoAllowed: engineKeys };
  const written = parseReported(type.systemSettings, settingsOf(input), report, place);
  if (written === undefined || !expanded.complete) return { name, type };
  const whole: SystemInput = { ...input, ...(expanded.value as object) };
  const { scrub, from } = expanded;
  const settings = parseReported(type.systemSettings, settingsOf(whole), report, { ...place, scrub, from });
  const url = urlOf(whole, at, report);
  const link = linkProblem(whole.link);
  if (link !== undefined) report.add('InvalidLink', [...at, 'link'], link, { allowed: 'e.g. https://emr.example.org/records/{id}' });
  if (settings === undefined || url === 'wrong' || link !== undefined) return { name, type };
  if (url !== undefined && hasSecret(auth) && isOpen(url))
    report.warn('PlainHttp', [...at, 'url'], 'A token or password travels over http://, for all on the way to read and use; use https://.');
  return { name, type, definition: definitionOf(name, whole, settings, url) };
}

function settingsOf(input: SystemInput): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([key]) => !engineKeys.includes(key)));
}

function definitionOf(name: string, input: SystemInput, settings: unknown, url: string | undefined): SystemDefinition {
  const { connector, tenant, link, margin, clockBound, overlap, pageSize } = input;
  return {
    name,
    connector,
    ...(tenant !== undefined ? { tenant } : {}),
    ...(link !== undefined ? { link } : {}),
    settings,
    fingerprint: sha256(canonicalJson({ connector, url, tenant })).slice(0, 16),
    margin: durationOf(margin ?? '10 s'),
    clockBound: durationOf(clockBound ?? '5 s'),
    overlap: durationOf(overlap ?? '1 s'),
    pageSize: pageSize ?? 200,
  };
}

/** Whether others on the way can read along. */
function isOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * One form of the address, for the fingerprint. Its text is never shown: it may hold what should
 * have been a secret.
 */
function urlOf(input: SystemInput, at: Path, report: Report): string | undefined {
  const path = [...at, 'url'];
  const given = input['url'];
  if (typeof given !== 'string') return undefined;
  // A parser of URLs drops white space without a word.
  if (/[\s\p{Cc}]/u.test(given)) {
    report.add('InvalidUrl', path, 'The URL has white space in it, or around it.');
    return 'wrong';
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    report.add('InvalidUrl', path, 'The URL is not a valid http or https address.', { allowed: 'e.g. https://server.example.org' });
    return 'wrong';
  }
  if (/[?#]/.test(given)) {
    report.add('InvalidUrl', path, 'The URL has a query or a fragment ("?", "#"): paths are put behind it, so it must end before them.');
    return 'wrong';
  }
  if (url.username !== '' || url.password !== '') {
    report.add('InvalidUrl', path, 'The URL carries a user name or password; put them under "auth", from variables.');
    return 'wrong';
  }
  const proxy = proxyFor(url.origin);
  if (!proxy || 'url' in proxy) return url.href.replace(/\/+$/, '');
  const allowed = 'e.g. http://proxy.example.org:3128';
  report.add('BadValue', path, `It is asked by a proxy, and the variable ${proxy.variable} ${proxy.problem}.`, { allowed });
  return 'wrong';
}
