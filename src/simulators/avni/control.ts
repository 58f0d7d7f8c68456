import { readJson } from '../../json/json.js';
import type { SimulatedRequest, SimulatedResponse } from '../server.js';
import type { AvniOrganisation, LateCommits } from './organisation.js';
import type { AvniKind, Body, Shown } from './record.js';
import type { AvniSettings } from './settings.js';
import type { Tokens } from './tokens.js';
import { setAll } from '../../model/keyed.js';

interface Given {
  kind?: AvniKind;
  type?: string;
  id?: string;
  body?: Body;
  observations?: Body;
  voided?: boolean;
  stamp?: string;
  ids?: string[];
  count?: number;
  shown?: Shown;
  from?: string;
  to?: string;
}

/** The simulator’s own requests, `/simulator/…`; docs/simulators.md has them all. */
export function control(
  request: SimulatedRequest,
  organisation: AvniOrganisation,
  settings: AvniSettings,
  tokens: Tokens,
): SimulatedResponse {
  const { method, path } = request;
  const given = (request.body === '' ? {} : readJson(request.body)) as Given;
  const record = /^\/simulator\/records\/(.+)$/.exec(path)?.[1];
  if (record !== undefined) return changeRecord(decodeURIComponent(record), given, organisation);
  if (path === '/simulator/records') return method === 'POST' ? addRecord(given, organisation) : dump(organisation);
  if (path === '/simulator/rename-type') return renameType(given, organisation);
  if (path === '/simulator/bulk-update') return bulkUpdate(given, organisation);
  if (path === '/simulator/late-commits') {
    organisation.lateCommits = method === 'DELETE' ? undefined : (given as LateCommits);
    return { status: 200, body: organisation.lateCommits ?? {} };
  }
  if (path === '/simulator/expire-tokens') {
    tokens.expireAll();
    return { status: 200, body: {} };
  }
  if (path !== '/simulator/settings') return { status: 404, body: 'no such control' };
  if (method === 'POST') setAll(settings, given as Partial<AvniSettings>);
  return { status: 200, body: settings };
}

function dump(organisation: AvniOrganisation): SimulatedResponse {
  const records = organisation.all().map(({ id: ID, kind, type, voided, stamp, body }) => ({ ID, kind, type, voided, stamp, body }));
  return { status: 200, body: records };
}

function addRecord({ kind = 'subject', type = '', body = {}, stamp, ...more }: Given, organisation: AvniOrganisation): SimulatedResponse {
  const { id, voided } = more;
  const record = organisation.add(kind, type, body, {
    ...(id !== undefined ? { id } : {}),
    ...(voided !== undefined ? { voided } : {}),
    ...(stamp !== undefined ? { stamp: Date.parse(stamp) } : {}),
  });
  return { status: 200, body: { ID: record.id, stamp: record.stamp } };
}

/** What is given of the observations replaces those of the same name; null takes one away. */
function changeRecord(id: string, { observations, body, voided, stamp, shown }: Given, organisation: AvniOrganisation): SimulatedResponse {
  const record = organisation.all().find((each) => each.id === id);
  if (!record) return { status: 404, body: 'no such record' };
  if (shown) {
    organisation.show(id, shown);
    return { status: 200, body: { ID: id, stamp: record.stamp } };
  }
  const merged = Object.entries({ ...(record.body['observations'] as Body | undefined), ...observations });
  const kept = Object.fromEntries(merged.filter(([, value]) => value !== null));
  const changes = { body: { ...body, observations: kept }, ...(voided !== undefined ? { voided } : {}) };
  const changed = organisation.change(id, changes, stamp === undefined ? undefined : Date.parse(stamp));
  return { status: 200, body: { ID: id, stamp: changed.stamp } };
}

/** The name alone changes; no record is stamped anew. */
function renameType({ kind, from, to }: Given, organisation: AvniOrganisation): SimulatedResponse {
  if (!kind || from === undefined || to === undefined) return { status: 400, body: 'kind, from and to are needed' };
  organisation.renameType(kind, from, to);
  return { status: 200, body: {} };
}

/** Those named, or the first `count` of a kind and type, get one stamp. */
function bulkUpdate({ ids, kind, type, count, stamp }: Given, organisation: AvniOrganisation): SimulatedResponse {
  const fits = organisation.all().filter((each) => (kind ?? each.kind) === each.kind && (type ?? each.type) === each.type);
  const chosen = ids ?? fits.slice(0, count).map(({ id }) => id);
  const at = stamp === undefined ? organisation.now() : Date.parse(stamp);
  organisation.bulkUpdate(chosen, at);
  return { status: 200, body: { count: chosen.length, stamp: at } };
}
