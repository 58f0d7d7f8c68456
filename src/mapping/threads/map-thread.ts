// What a thread of the pool runs: a pure function of data to data. Nothing of it waits, so that a
// thread is as far as `inHand` says.
import { LRUCache } from 'lru-cache';
import type { CodeTable } from '../../definition/definition.js';
import { freezePrototypes } from '../../model/freeze-prototypes.js';
import { compileMapping } from '../compile-mapping.js';
import { limitMet } from '../engine-limits.js';
import { MappingFailed, type Mapping } from '../mapping.js';
import { tooMuch } from '../too-much.js';
import type { MapAnswer, MapItem, MapResult, MapTask, MappingSpec } from './messages.js';
import { workOn } from './work-on.js';

/** Characters of JSON that one record may give: the worker reads it whole. */
const MAX_RESULT = 2_000_000;
/** Those after which a thread answers with what is done. */
const MAX_ANSWER = 4_000_000;

/**
 * Entries of code tables that a thread keeps, but for one mapping that has more: about a third of
 * its memory.
 */
const MAX_ENTRIES = 400_000;

// Its libraries are loaded, and no record is read yet.
freezePrototypes();

const mappings = new LRUCache<string, Mapping>({ max: 500 });
const tables = new Map<string, CodeTable>();
/** Entries of all these tables. */
let held = 0;

/** Works out items of a task, the first ones at least, or says what it lacks for that. */
export default async function work(task: MapTask): Promise<MapAnswer> {
  const mapping = mappingOf(task);
  return Array.isArray(mapping) ? { lacks: mapping } : workOut(mapping, task);
}

/** The mapping of a task, compiled once, or what is lacking for it. */
function mappingOf({ mapping, kept }: MapTask): Mapping | string[] {
  const known = mappings.get(mapping);
  if (known) return known;
  const spec = kept.get(mapping) as MappingSpec | undefined;
  if (!spec) return [mapping];
  keep(spec.tables.flatMap(([, digest]) => (kept.has(digest) && !tables.has(digest) ? [[digest, kept.get(digest) as CodeTable]] : [])));
  const lacking = spec.tables.flatMap(([, digest]) => (tables.has(digest) ? [] : [digest]));
  if (lacking.length > 0) return [mapping, ...lacking];
  const codes = Object.fromEntries(spec.tables.flatMap(([name, digest]) => (tables.has(digest) ? [[name, tables.get(digest)]] : [])));
  const compiled = compileMapping({ entityType: spec.definition, codes: codes as Record<string, CodeTable> });
  mappings.set(mapping, compiled);
  return compiled;
}

/** Keeps tables; what was kept for other mappings makes room for them, and is asked for again. */
function keep(given: [digest: string, table: CodeTable][]): void {
  const sizeOf = ({ entries, rows = [] }: CodeTable): number =>
    rows.reduce((sum, row) => sum + Object.keys(row).length, Object.keys(entries).length);
  const more = given.reduce((sum, [, table]) => sum + sizeOf(table), 0);
  if (held > 0 && held + more > MAX_ENTRIES) {
    mappings.clear();
    tables.clear();
    held = 0;
  }
  for (const [digest, table] of given) tables.set(digest, table);
  held += more;
}

async function workOut(mapping: Mapping, { bodies, items, inHand, slice }: MapTask): Promise<MapAnswer> {
  const results: string[] = [];
  const begin = performance.now();
  let slowest = 0;
  let written = 0;
  let last = { place: -1, body: undefined as unknown };
  for (const [place, item] of items.entries()) {
    const start = performance.now();
    if (start - begin >= slice || written >= MAX_ANSWER) break;
    Atomics.store(inHand, 0, place + 1);
    if (last.place !== item.body) last = { place: item.body, body: JSON.parse(bodies[item.body] ?? 'null') as unknown };
    const result = await one(mapping, item, last.body);
    results.push(result);
    written += result.length;
    slowest = Math.max(slowest, performance.now() - start);
  }
  return { results, slowest };
}

async function one(mapping: Mapping, item: MapItem, body: unknown): Promise<string> {
  try {
    const text = textOf({ value: await workOn(mapping, item, body) });
    return text.length > MAX_RESULT ? textOf({ error: tooMuch('MappingTooLarge').error }) : text;
  } catch (error) {
    // The fields of an object are evaluated side by side: what the others still do is done while
    // this record is in hand.
    await new Promise((resolve) => setImmediate(resolve));
    if (error instanceof MappingFailed) return textOf({ error: error.error });
    const limit = limitMet(error);
    if (limit) return textOf({ error: tooMuch(limit).error });
    throw error;
  }
}

function textOf(result: MapResult): string {
  return JSON.stringify(result);
}
