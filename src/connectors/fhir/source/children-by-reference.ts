import { getOwn } from '../../../model/keyed.js';
import type { Context } from '../../connector.js';
import { isId } from '../ids.js';
import { Chain, type FhirReader, type ReadPage } from './fhir-reader.js';
import { placedRows, type PlacedRow } from './placed-rows.js';
import { restless, unlisted } from './reading-failures.js';
import { isOddEntry } from './source-entries.js';
import { fhirSourceSettings, type FhirSourceSettings } from './source-settings.js';
import { referencesIn } from './source-records.js';

/** Records a page. */
const COUNT = 200;
const MAX_PASSES = 10;
/** After any record. */
const END = '9999-01-01T00:00:00.000Z';

/** The search parameters by which most types are found by a record that they belong to. */
const USUAL: ReadonlyMap<string, string> = new Map([
  ['Patient', 'patient'],
  ['Encounter', 'encounter'],
]);

/**
 * The search parameter by which records of one type are found by a record of another; undefined
 * where none is known.
 */
export function parameterTo(parent: FhirSourceSettings, { parents = {} }: FhirSourceSettings): string | undefined {
  return getOwn(parents, parent.resource) ?? USUAL.get(parent.resource);
}

/**
 * Records of a type that refer to a record of another. Pages are read again until none can have
 * been passed over. @throws SystemFailure
 */
export async function childrenOf(
  reader: FhirReader,
  entityTypes: Record<string, unknown>,
  { entityType, id }: { entityType: string; id: string },
  c: Context,
): Promise<PlacedRow[]> {
  const parent = fhirSourceSettings.safeParse(getOwn(entityTypes, entityType)).data;
  const parameter = parent && parameterTo(parent, reader.settings);
  if (!parent || parameter === undefined || !isId(id)) return [];
  const reference = `${parent.resource}/${id}`;
  const isOf = (row: PlacedRow): boolean =>
    isOddEntry(row) || [...referencesIn(row.resource)].some((each) => `/${each}/`.includes(`/${reference}/`));
  return (await allOf(reader, reader.path.by(parameter, [reference], { count: COUNT }), c)).filter(isOf);
}

async function allOf(reader: FhirReader, first: string, c: Context): Promise<PlacedRow[]> {
  let before: string | undefined;
  for (let passes = 0; passes < MAX_PASSES; passes += 1) {
    const chain = new Chain(reader.place);
    const pages: ReadPage[] = [];
    let path: string | undefined = first;
    while (path !== undefined) {
      const page = await reader.page(path, c, pages.length > 0);
      if (page === 'dead') break;
      if (page === 'broken') throw unlisted(reader.place);
      chain.follow(page);
      pages.push(page);
      path = page.next;
    }
    if (path !== undefined) continue;
    const rows = pages.flatMap((page) => page.rows);
    const ids = [...chain.ids].sort().join(' ');
    const isAll = pages.length === 1 || (pages[0]?.total !== undefined && rows.length >= pages[0].total);
    if (isAll || before === ids) return placedRows(rows, { until: END }, false);
    before = ids;
  }
  throw restless(reader.place);
}
