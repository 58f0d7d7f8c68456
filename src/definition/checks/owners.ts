import type { RecordClass } from '../../connectors/connector.js';
import type { Problem } from '../definition.js';
import type { Report } from '../source/report.js';
import type { Claim } from './claims.js';

/** Two entity types that claim the same records, or the same fields of them. */
interface Conflict {
  /** Told at this one. */
  claim: Claim;
  other: Claim;
  message: string;
}

/**
 * What is written in a system is never also read from it, and no field is written by two: each has
 * one owner.
 */
export function checkOwners(claims: Claim[], report: Report): void {
  for (const { claim, message } of conflictsIn(claims)) report.add('TwoOwners', claim.path, message, { of: 'key', allowed: WAYS_OUT });
}

/**
 * The same over all files: two definitions on one server. Each of them is told, since nobody could
 * tell which one is right.
 */
export function ownersAcross(claims: Claim[]): Problem[] {
  return conflictsIn(claims).flatMap(({ claim, other, message }) =>
    claim.file === other.file ? [] : [claim, other].map((each) => problemAt(each, message)),
  );
}

function problemAt({ file, position, path }: Claim, message: string): Problem {
  return { code: 'TwoOwners', file, ...position, path: path.join('.'), message, allowed: WAYS_OUT };
}

function conflictsIn(claims: Claim[]): Conflict[] {
  const byType = new Map<string, Claim[]>();
  for (const claim of claims) byType.set(claim.records.type, [...(byType.get(claim.records.type) ?? []), claim]);
  return [...byType.values()].flatMap((same) =>
    same.flatMap((claim, index) => same.slice(index + 1).flatMap((later) => conflictOf(claim, later) ?? [])),
  );
}

/**
 * Two that only read never stand against each other, nor do two that write whole records: each
 * writes its own.
 */
function conflictOf(a: Claim, b: Claim): Conflict | undefined {
  if ((a.how === 'reads' && b.how === 'reads') || !sameSystem(a, b) || !overlap(a.records, b.records)) return undefined;
  if (a.how === 'writes' && b.how === 'writes') return a.entityType === b.entityType ? undefined : twoWriters(a, b);
  const [read, write] = a.how === 'reads' ? [a, b] : [b, a];
  const fields = sharedFields(write.records, read.names);
  if (fields?.length === 0) return undefined;
  const what = `${fields ? `${fields.join(', ')} of ` : ''}${inWords(write.records, read.records)} records of ${write.system.name}`;
  return {
    claim: read,
    other: write,
    message: `${what} are written by ${write.entityType} (${placeOf(write)}) and read by ${read.entityType} (${placeOf(read)}). ${WHY}`,
  };
}

/** The owned fields that are read too; undefined where whole records are written. */
function sharedFields({ fields, plain }: RecordClass, names: Claim['names']): string[] | undefined {
  return fields?.filter((field) => (names === 'all' ? plain?.includes(field) !== true : names.has(field)));
}

function twoWriters(a: Claim, b: Claim): Conflict | undefined {
  const [one, two] = [a.records.fields, b.records.fields];
  if (!one && !two) return twoKeys(a, b);
  const shared = one && two ? one.filter((field) => two.includes(field)) : (one ?? two ?? []);
  if (shared.length === 0) return undefined;
  const what = `${shared.join(', ')} of ${inWords(a.records, b.records)} records of ${a.system.name}`;
  const whole = one && two ? '' : `, which ${one ? 'the latter' : 'the former'} owns whole`;
  return {
    claim: b,
    other: a,
    message: `${what} are written by ${a.entityType} (${placeOf(a)}) and by ${b.entityType} (${placeOf(b)})${whole}. ${WHY}`,
  };
}

/**
 * Two that write whole records by business keys: where nothing in such a record says which of them
 * wrote it, two that bring one key would overwrite each other in turn.
 */
function twoKeys(a: Claim, b: Claim): Conflict | undefined {
  if (!a.isKeyed || !b.isKeyed || !(a.records.unmarked || b.records.unmarked)) return undefined;
  return {
    claim: b,
    other: a,
    message: `${inWords(a.records, b.records)} records of ${a.system.name} are met by a key by ${a.entityType} (${placeOf(a)}) and by ${b.entityType} (${placeOf(b)}), and do not all say which of them wrote them: two with one key would overwrite each other. Where their keys never meet, give both types an “origin” under “to”. ${WHY}`,
  };
}

/** Two names for one address are one system, also in two files. */
function sameSystem(a: Claim, b: Claim): boolean {
  if (a.file === b.file && a.system.name === b.system.name) return true;
  const { definition } = a.system;
  return definition !== undefined && definition.fingerprint === b.system.definition?.fingerprint;
}

/** What is told apart by different things, such as a category and a tag, may be both. */
function overlap(a: RecordClass, b: RecordClass): boolean {
  return a.discriminator === undefined || b.discriminator === undefined || a.by !== b.by || a.discriminator === b.discriminator;
}

function inWords(...records: RecordClass[]): string {
  const { type, by, discriminator } = records.find((each) => each.discriminator !== undefined) ?? { type: records[0]?.type ?? '' };
  return discriminator === undefined ? type : `${type} (${by === undefined ? '' : `${by} `}${discriminator})`;
}

function placeOf({ file, position: { line } }: Claim): string {
  return `${file}:${line}`;
}

const WHY =
  'Each has one owner: what both sides change cannot be kept in step, since phones are offline for days and nothing locks a record.';

const WAYS_OUT =
  'Let one system own it and remove one of the two entity types; or tell their records apart, each by a narrower “from” or “to” (a type, a category, a code, a tag); ' +
  'or let a side use that needs the other direction call that system directly: docs/ownership.md shows how.';
