import type { RecordClass } from '../../connectors/connector.js';
import type { DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { ReadSystem } from '../read-systems.js';
import type { Report } from '../source/report.js';

interface Use {
  entityType: DraftEntityType;
  system: ReadSystem;
  records: RecordClass;
}

/** What is written in a system is never also read from it: each kind of record has one owner. */
export function checkOwners(endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  const reads = new Map<string, Use[]>();
  const writes: Use[] = [];
  for (const [entityType, { from, to }] of endpoints) {
    if (from?.reads)
      reads.set(from.reads.type, [...(reads.get(from.reads.type) ?? []), { entityType, system: from.system, records: from.reads }]);
    for (const records of to?.writes ?? []) if (to) writes.push({ entityType, system: to.system, records });
  }
  for (const write of writes)
    for (const read of reads.get(write.records.type) ?? [])
      if (sameSystem(read.system, write.system) && overlap(read.records, write.records)) refuse(read, write, report);
}

/** Two names for one address are one system. */
function sameSystem(a: ReadSystem, b: ReadSystem): boolean {
  return a.name === b.name || (a.definition !== undefined && a.definition.fingerprint === b.definition?.fingerprint);
}

function overlap(a: RecordClass, b: RecordClass): boolean {
  return a.discriminator === undefined || b.discriminator === undefined || a.discriminator === b.discriminator;
}

function refuse(read: Use, write: Use, report: Report): void {
  const records = [write.records, read.records].find((each) => each.discriminator !== undefined) ?? write.records;
  const what = records.discriminator === undefined ? records.type : `${records.type} (${records.discriminator})`;
  const message =
    `${what} records of ${write.system.name} are written by ${write.entityType.name} and read by ${read.entityType.name}. ` +
    'A kind of record has one owner: what both sides change cannot be kept in step, since phones are offline for days and nothing locks a record.';
  const allowed =
    'Let one system own it and remove one of the two entity types; or tell their records apart, by an Avni type name or a FHIR category, code or tag; ' +
    'or let a side use that needs the other direction call that system directly.';
  report.add('TwoOwners', [...read.entityType.at, 'from'], message, { of: 'key', allowed });
}
