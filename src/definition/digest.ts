import type { CodeTable } from './definition.js';
import { functionsOf, mapping, type Draft, type DraftProcess } from './draft.js';
import { codesUsed, functionsUsed } from './checks/expressions.js';
import { byName } from './parts/by-name.js';
import { canonicalJson, sha256 } from './parts/hash.js';
import { getOwn } from '../model/keyed.js';

/**
 * Changes when anything does that matters to one process: its part of the file, the file's error
 * types, the systems it uses (with `${VARIABLES}` as written), the functions and the code tables it
 * uses (with what their CSV files hold). Comments, layout and other processes do not change it.
 */
export function digestOf(value: unknown, draft: Draft, process: DraftProcess, codes: ReadonlyMap<string, CodeTable>): string {
  const file = mapping(value);
  const inputs = [...process.entityTypes.values()].flatMap(({ input }) => (input ? [input] : []));
  const systems = new Set(inputs.flatMap(({ from, to }) => [from.system, to.system]));
  const functions = functionsOf(draft);
  const called = byName(inputs.flatMap((input) => Object.entries(functionsUsed(input, functions))));
  const used = inputs.map((input) => codesUsed(input, functions));
  const tables = used.includes(undefined) ? [...codes.keys()] : used.flatMap((names) => names ?? []);
  const errorTypes = Object.entries(mapping(file['errorTypes']));
  return sha256(
    canonicalJson({
      integration: draft.integration,
      process: process.name,
      definition: getOwn(mapping(file['processes']), process.name),
      // The order of entity types and of resources says which comes first.
      order: [...process.entityTypes].map(([name, { input }]) => [name, typeof input?.map === 'object' ? Object.keys(input.map) : []]),
      systems: byName([...systems].map((name) => [name, getOwn(mapping(file['systems']), name)] as const)),
      // Their order says which one matches first; a file without any has the digest it had before
      // there were any.
      ...(errorTypes.length > 0 ? { errorTypes } : {}),
      ...(Object.keys(called).length > 0 ? { functions: called } : {}),
      codes: byName(tables.map((name) => [name, tableDigest(codes.get(name))])),
    }),
  );
}

/** Worked out once for all processes: a table may be large. */
const tableDigests = new WeakMap<CodeTable, string>();

function tableDigest(table: CodeTable | undefined): string {
  const known = table && tableDigests.get(table);
  if (known !== undefined) return known;
  const digest = sha256(canonicalJson(table));
  if (table) tableDigests.set(table, digest);
  return digest;
}
