import type { Health } from '../connector.js';
import { getOwn } from '../../model/keyed.js';
import type { SearchParameter } from './client.js';
import { identifierOf } from './keys.js';

/** What is asked of a FHIR server. */
interface Needed {
  types: readonly string[];
  /** Resources in one write. */
  bundle: number;
  /** Who chooses the ids of new resources. */
  ids?: 'client' | 'server' | undefined;
  /** Whether resources are met by a business key. */
  keyed: boolean;
}

/**
 * What a FHIR server must be able to do, and its CapabilityStatement says that it cannot. What it
 * does not speak of, it may be able to do.
 */
export function missingCapabilities(statement: unknown, { types, bundle, keyed, ids }: Needed): Health['problems'] {
  const rests = listOf(statement, 'rest');
  const server = rests.find((each) => textOf(each, 'mode') === 'server');
  if (!server) return [lack('says nothing of what it can do as a server', 'Ask its operator whether it is a FHIR R4 server.')];
  const all = listOf(server, 'interaction').map((each) => textOf(each, 'code'));
  const resources = listOf(server, 'resource');
  const general = [
    ...otherForm(statement),
    ...(bundle > 1 && all.length > 0 && !all.includes('transaction')
      ? [
          lack(
            'does not name transactions: resources are written one by one',
            'Set bundle: 1 for this system, or have transactions switched on.',
          ),
        ]
      : []),
  ];
  if (resources.length === 0) return general;
  const common = listOf(server, 'searchParam').map((each) => textOf(each, 'name'));
  return [...general, ...types.flatMap((type) => missingOf(type, resources, { common, keyed, ids }))];
}

/**
 * What a server must be able to do for a type to be read from it, and its CapabilityStatement says
 * that it cannot.
 */
export function missingForReading(statement: unknown, type: string, parameters: readonly string[]): Health['problems'] {
  const server = listOf(statement, 'rest').find((each) => textOf(each, 'mode') === 'server');
  const resources = listOf(server, 'resource');
  const general = otherForm(statement);
  if (resources.length === 0) return general;
  const resource = resources.find((each) => textOf(each, 'type') === type);
  if (resource === undefined) return [...general, lack(`does not name ${type}`, `Have ${type} switched on there, or read another type.`)];
  const can = listOf(resource, 'interaction').map((each) => textOf(each, 'code'));
  const named = [...listOf(server, 'searchParam'), ...listOf(resource, 'searchParam')].map((each) => textOf(each, 'name'));
  return [
    ...general,
    ...['read', 'search-type']
      .filter((code) => can.length > 0 && !can.includes(code))
      .map((code) => lack(`does not name “${code}” of ${type}`, `Have it switched on for ${type} there.`)),
    ...parameters
      .filter((parameter) => named.length > 0 && !named.includes(parameter))
      .map((parameter) =>
        lack(
          `does not name a search of ${type} by “${parameter}”`,
          'Have it switched on there; a server that drops it gives records that were not asked for.',
        ),
      ),
  ];
}

/** R4 with its technical corrections, and R4B, whose resources here are the same. */
const R4 = /^4\.[0-3](?:\.|$)/;

/** What a server says that it speaks, where that is neither R4 nor JSON. */
function otherForm(statement: unknown): Health['problems'] {
  const version = textOf(statement, 'fhirVersion');
  const formats = textOf(statement, 'format');
  const named = Array.isArray(formats) ? formats.filter((each) => typeof each === 'string') : [];
  return [
    ...(typeof version === 'string' && /^[\d.]{1,12}(?:-|$)/.test(version) && !R4.test(version)
      ? [
          lack(
            `says that it is one of FHIR ${version.replace(/-.*$/s, '')}, and Sangam speaks R4 (4.0)`,
            'See whether the server has another url for R4, and write that.',
          ),
        ]
      : []),
    ...(named.length > 0 && !named.some((each) => /json/i.test(each))
      ? [lack('does not name JSON among its formats', 'Have JSON switched on there.')]
      : []),
  ];
}

function missingOf(
  type: string,
  resources: unknown[],
  { common, keyed, ids }: { common: unknown[] } & Pick<Needed, 'keyed' | 'ids'>,
): Health['problems'] {
  const resource = resources.find((each) => textOf(each, 'type') === type);
  if (resource === undefined) return [lack(`does not name ${type}`, `Have ${type} switched on there, or map to another type.`)];
  const can = listOf(resource, 'interaction').map((each) => textOf(each, 'code'));
  const wanted = ['read', 'update', 'delete', 'search-type'].filter((code) => can.length > 0 && !can.includes(code));
  const canCreate = ids === 'server' || getOwn(resource as Record<string, unknown>, 'updateCreate') !== false;
  return [
    ...wanted.map((code) => lack(`does not name “${code}” of ${type}`, `Have it switched on for ${type} there.`)),
    ...unsearchable(type, [...common, ...listOf(resource, 'searchParam').map((each) => textOf(each, 'name'))], keyed),
    ...(canCreate
      ? []
      : [
          lack(
            `says that no ${type} can be created by PUT (updateCreate: false)`,
            'Let clients choose ids there, or write ids: server for this system.',
          ),
        ]),
  ];
}

/** What cannot be searched for where the statement names what can be. */
function unsearchable(type: string, named: unknown[], keyed: boolean): Health['problems'] {
  const wanted: SearchParameter[] = ['_id', '_tag', ...(keyed && identifierOf(type) !== 'none' ? ['identifier' as const] : [])];
  return wanted
    .filter((parameter) => named.length > 0 && !named.includes(parameter))
    .map((parameter) =>
      lack(
        `does not name a search of ${type} by “${parameter}”`,
        `See whether ${type}?${parameter}=… finds what is there; where it does not, have it switched on: what is not found is written a second time, or not removed.`,
      ),
    );
}

function lack(what: string, remedy: string): Health['problems'][number] {
  return { code: 'CapabilityMissing', message: `The CapabilityStatement of the FHIR server ${what}.`, remedy };
}

function listOf(value: unknown, name: string): unknown[] {
  const list = typeof value === 'object' && value !== null ? getOwn(value as Record<string, unknown>, name) : undefined;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'object' && each !== null) : [];
}

function textOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? getOwn(value as Record<string, unknown>, name) : undefined;
}
