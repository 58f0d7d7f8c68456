import type { RecordError } from '../../../errors/record-error.js';
import type { Context, Origin } from '../../connector.js';
import { together } from '../../together.js';
import { belowBase } from '../below-base.js';
import type { FhirClient } from '../client.js';
import { originOfCode } from '../identity.js';
import { isId } from '../ids.js';
import { isResourceType } from '../r4/structures.js';
import { fetchResources, oddResource, type FetchedRow } from './fetch-resources.js';
import { FhirReader } from './fhir-reader.js';
import { originCodes } from './source-records.js';

/** What a server has under a path below its base, by type and id, or as one of its versions. */
const REFERENCE = /^([A-Z][A-Za-z]{0,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * From which records Sangam wrote each of these, as the origin tags say that it put there: a few
 * searches for each type. @throws SystemFailure
 */
export async function originsOfReferences(
  client: FhirClient,
  references: string[],
  c: Context,
): Promise<Map<string, Origin[] | RecordError>> {
  const asked = new Map<string, { reference: string; id: string }[]>();
  for (const reference of references) {
    const [, type = '', id] = REFERENCE.exec(belowBase(reference, { base: client.base, aliases: client.settings.aliases }) ?? '') ?? [];
    if (!isResourceType(type) || !isId(id)) continue;
    asked.set(type, [...(asked.get(type) ?? []), { reference, id }]);
  }
  const origins = new Map<string, Origin[] | RecordError>();
  await together<void[]>(
    [...asked].map(([type, some]) => async (each) => {
      const ids = some.map(({ id }) => id);
      const found = await fetchResources(new FhirReader(client, { resource: type, deleted: 'ignore' }), ids, each, true);
      for (const { reference, id } of some) {
        const row = found.get(id);
        const told = row && originsIn(row, type);
        if (told) origins.set(reference, told);
      }
    }),
    c,
  );
  return origins;
}

/** Undefined where it carries none. */
function originsIn(row: FetchedRow, type: string): Origin[] | RecordError | undefined {
  if ('error' in row) return row.error;
  if ('odd' in row) return oddResource(type, row);
  const all = originCodes(row.resource).flatMap((code) => originOfCode(code) ?? []);
  return all.length > 0 ? all : undefined;
}
