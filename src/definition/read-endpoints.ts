import type { RecordClass } from '../connectors/connector.js';
import { keysOf } from './checks/names.js';
import { entityTypesOf, mapOf, type Draft, type DraftEntityType } from './draft.js';
import type { ReadSystem } from './read-systems.js';
import type { EntityTypeInput } from './schema/entity-type.js';
import type { Report } from './source/report.js';
import { parseReported } from './source/schema-problems.js';
import { didYouMean, listed } from './source/suggest.js';

/** The two ends of an entity type, as far as they could be read. */
export interface Endpoints {
  from?: { system: ReadSystem; settings: unknown; reads?: RecordClass };
  to?: { system: ReadSystem; settings: unknown; writes: RecordClass[] };
}

type Systems = ReadonlyMap<string, ReadSystem>;

/** Checks `from` and `to` of every entity type with the schemas of their connectors. */
export function readEndpoints(draft: Draft, systems: Systems, report: Report): Map<DraftEntityType, Endpoints> {
  return new Map(
    entityTypesOf(draft).map((entityType) => {
      if (!entityType.input) return [entityType, {}];
      if (draft.unknown.systems) return [entityType, {}];
      const from = readFrom(entityType, entityType.input, systems, report);
      const to = readTo(entityType, entityType.input, systems, report);
      return [entityType, { ...(from ? { from } : {}), ...(to ? { to } : {}) }];
    }),
  );
}

function readFrom({ at, name }: DraftEntityType, input: EntityTypeInput, systems: Systems, report: Report): Endpoints['from'] {
  const { system: systemName, with: _with, collect: _collect, ...given } = input.from;
  const system = systemOf(systemName, [...at, 'from', 'system'], systems, report);
  if (!system?.type) return undefined;
  const { sourceSettings, reads } = system.type;
  if (!sourceSettings) {
    report.add(
      'NotASource',
      [...at, 'from', 'system'],
      `${name} reads from ${systemName}, but its connector ${system.type.name} cannot be read from.`,
    );
    return undefined;
  }
  const settings = parseReported(sourceSettings, given, report, { at: [...at, 'from'], alsoAllowed: ['system'] });
  if (settings === undefined) return undefined;
  return { system, settings, ...(reads ? { reads: reads.call(system.type, settings) } : {}) };
}

function readTo({ at, name }: DraftEntityType, input: EntityTypeInput, systems: Systems, report: Report): Endpoints['to'] {
  const { system: systemName, key: _key, adopt: _adopt, ...given } = input.to;
  const system = systemOf(systemName, [...at, 'to', 'system'], systems, report);
  const type = system?.type;
  if (!system || !type) return undefined;
  const { destinationSettings } = type;
  if (!destinationSettings) {
    report.add(
      'NotADestination',
      [...at, 'to', 'system'],
      `${name} writes to ${systemName}, but its connector ${type.name} cannot be written to.`,
    );
    return undefined;
  }
  const settings = parseReported(destinationSettings, given, report, { at: [...at, 'to'], alsoAllowed: ['system', 'key', 'adopt'] });
  if (settings === undefined) return undefined;
  for (const { path, message } of type.checkDestination?.(settings, Object.keys(mapOf(input)), Object.keys(keysOf(input))) ?? [])
    report.add('WrongDestination', [...at, 'to', ...path], message);
  return { system, settings, writes: type.writes?.(settings) ?? [] };
}

function systemOf(name: string, at: (string | number)[], systems: Systems, report: Report): ReadSystem | undefined {
  const system = systems.get(name);
  if (!system) {
    const known = [...systems.keys()];
    report.add('UnknownSystem', at, `There is no system "${name}".${didYouMean(name, known)}`, { allowed: listed(known) });
  }
  return system;
}
