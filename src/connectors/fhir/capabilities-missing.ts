import type { Health } from '../connector.js';
import { getOwn } from '../../model/keyed.js';

/** What a FHIR server must be able to do for these types, and its CapabilityStatement says that it cannot. What it does not speak of, it may be able to do. */
export function missingCapabilities(statement: unknown, types: readonly string[], bundle: number): Health['problems'] {
  const rests = listOf(statement, 'rest');
  const server = rests.find((each) => textOf(each, 'mode') === 'server');
  if (!server) return [lack('says nothing of what it can do as a server', 'Ask its operator whether it is a FHIR R4 server.')];
  const all = listOf(server, 'interaction').map((each) => textOf(each, 'code'));
  const resources = listOf(server, 'resource');
  const transactions =
    bundle > 1 && all.length > 0 && !all.includes('transaction')
      ? [
          lack(
            'does not name transactions: resources are written one by one',
            'Set bundle: 1 for this system, or have transactions switched on.',
          ),
        ]
      : [];
  if (resources.length === 0) return transactions;
  return [...transactions, ...types.flatMap((type) => missingOf(type, resources))];
}

function missingOf(type: string, resources: unknown[]): Health['problems'] {
  const resource = resources.find((each) => textOf(each, 'type') === type);
  if (resource === undefined) return [lack(`does not name ${type}`, `Have ${type} switched on there, or map to another type.`)];
  const can = listOf(resource, 'interaction').map((each) => textOf(each, 'code'));
  const wanted = ['read', 'update', 'delete', 'search-type'].filter((code) => can.length > 0 && !can.includes(code));
  const canCreate = getOwn(resource as Record<string, unknown>, 'updateCreate') !== false;
  return [
    ...wanted.map((code) => lack(`does not name “${code}” of ${type}`, `Have it switched on for ${type} there.`)),
    ...(canCreate
      ? []
      : [
          lack(
            `says that no ${type} can be created by PUT (updateCreate: false)`,
            'Let clients choose ids there: Sangam writes each resource under its own.',
          ),
        ]),
  ];
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
