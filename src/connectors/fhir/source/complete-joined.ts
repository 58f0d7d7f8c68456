import { evalFhirPath } from '@medplum/core';
import type { RecordError } from '../../../errors/record-error.js';
import { SystemFailure } from '../../../errors/system-failure.js';
import { isObject } from '../../../model/is-object.js';
import type { Context } from '../../connector.js';
import { together } from '../../together.js';
import { belowBase } from '../below-base.js';
import { isId } from '../ids.js';
import { referenceExpression } from '../r4/search-expression.js';
import { isResourceType } from '../r4/structures.js';
import { fetchResources, unjoined } from './fetch-resources.js';
import { FhirReader } from './fhir-reader.js';
import type { ReadRow } from './source-entries.js';

/** A resource by itself, or one of its versions. */
const RESOURCE = /^([A-Z][A-Za-z]{0,63}\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** What was asked for beside what came: by type and id. */
interface Asked {
  found: Map<string, unknown>;
  failed: Map<string, RecordError>;
}

/** A reference as `Type/id` on this server; undefined where it is to nothing there. */
export function onServer(reference: string, { client }: FhirReader): string | undefined {
  const { base, settings } = client;
  return RESOURCE.exec(belowBase(reference, { base, aliases: settings.aliases }) ?? '')?.[1];
}

/**
 * Records with all that `include` joins to them: what they refer to by it and that did not come
 * with them is asked for. A server may drop `_include`, or cut it off, without a word. What is not
 * there, or may not be seen, stays absent.
 *
 * @returns of each row its whole, or why that cannot be had
 * @throws SystemFailure, Cancelled
 */
export async function completeJoined(
  reader: FhirReader,
  rows: readonly ReadRow[],
  c: Context,
): Promise<Map<ReadRow, ReadRow | RecordError>> {
  const expressions = expressionsOf(reader);
  const needed = rows.map((row) => ({ row, missing: missingOf(row, expressions, reader) }));
  const asked = await ask(
    needed.flatMap(({ missing }) => missing ?? []),
    reader,
    c,
  );
  return new Map(needed.map(({ row, missing }) => [row, wholeOf(row, missing, reader, asked)]));
}

/** What a record refers to and that did not come with it; undefined where that cannot be told. */
function missingOf(row: ReadRow, expressions: string[], reader: FhirReader): string[] | undefined {
  try {
    const all = expressions.flatMap((expression) => referencesBy(expression, row.resource, reader));
    return [...new Set(all)].filter((each) => !row.included.has(each));
  } catch {
    // FHIRPath takes no reference that is not in the form of R4, such as a number.
    return undefined;
  }
}

/**
 * Where what `include` joins to a record stands in it, as far as R4 has it: of other search
 * parameters nobody knows what they lead to.
 */
function expressionsOf({ settings: { include = [], resource } }: FhirReader): string[] {
  return include.flatMap((each) => {
    const [name = '', type = resource] = each.split(':').slice(0, 2).reverse();
    return (type === resource ? referenceExpression(type, name) : undefined) ?? [];
  });
}

function referencesBy(expression: string, resource: unknown, reader: FhirReader): string[] {
  return evalFhirPath(expression, resource).flatMap((value: unknown) => {
    const reference: unknown = isObject(value) ? value['reference'] : value;
    return typeof reference === 'string' ? (onServer(reference, reader) ?? []) : [];
  });
}

async function ask(references: string[], { client }: FhirReader, c: Context): Promise<Asked> {
  const [found, failed] = [new Map<string, unknown>(), new Map<string, RecordError>()];
  const byType = new Map<string, string[]>();
  for (const reference of new Set(references)) {
    const [type = '', id = ''] = reference.split('/');
    if (isResourceType(type) && isId(id)) byType.set(type, [...(byType.get(type) ?? []), id]);
  }
  await together<void[]>(
    [...byType].map(([type, ids]) => async (each) => {
      const rows = await allowed(() => fetchResources(new FhirReader(client, { resource: type, deleted: 'ignore' }), ids, each));
      for (const [id, row] of rows) {
        if ('resource' in row) found.set(`${type}/${id}`, row.resource);
        else if ('error' in row) failed.set(`${type}/${id}`, row.error);
      }
    }),
    c,
  );
  return { found, failed };
}

/** Nothing where the user may not see that type. */
async function allowed<K, V>(asking: () => Promise<Map<K, V>>): Promise<Map<K, V>> {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof SystemFailure && error.code === 'Forbidden') return new Map();
    throw error;
  }
}

function wholeOf(row: ReadRow, missing: string[] | undefined, { type }: FhirReader, { found, failed }: Asked): ReadRow | RecordError {
  if (!missing || missing.some((each) => failed.has(each))) return unjoined(type);
  const more = missing.filter((each) => found.has(each)).map((each) => [each, found.get(each)] as const);
  return more.length === 0 ? row : { ...row, included: new Map([...row.included, ...more]) };
}
