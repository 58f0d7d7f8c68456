import { SystemFailure } from '../../../errors/system-failure.js';
import type { Context, SourceHealth } from '../../connector.js';
import { missingForReading } from '../capabilities-missing.js';
import { parsed } from '../parsed.js';
import { completeJoined } from './complete-joined.js';
import type { FhirReader } from './fhir-reader.js';
import { isEmpty } from './is-empty.js';
import { ALL } from './search-path.js';
import { isOddEntry } from './source-entries.js';

/** After any record: a window in which nothing lies. */
const LATE = { after: '9998-01-01T00:00:00.000Z', until: '9998-01-02T00:00:00.000Z' } as const;

/**
 * Whether the server lets the type be read by the search of the definition, and takes the bounds of
 * time into account; what its CapabilityStatement does not name of what is needed is a warning,
 * since many a statement is not true to its server.
 */
export async function checkSource(reader: FhirReader, c: Context): Promise<SourceHealth> {
  const problems: SourceHealth['problems'] = [];
  const warnings: SourceHealth['warnings'] = [];
  try {
    const late = await reader.page(reader.path.window(LATE, { count: 1, sorted: true }), c);
    if (typeof late !== 'string' && late.rows.length > 0) problems.push(boundsDropped(reader.place));
    if (await isEmpty(reader, c)) warnings.push(nothingThere(reader.type));
    if (reader.settings.include !== undefined && (await countUnjoined(reader, c)) > 0) warnings.push(includeDropped(reader.place));
    if (reader.settings.deleted === 'history') await reader.page(`${reader.type}/_history?_count=1`, c);
  } catch (error) {
    problems.push(wordsOf(error));
  }
  try {
    const { text } = await reader.client.read('metadata', 'The CapabilityStatement of the FHIR server', c);
    const needed = ['_lastUpdated', '_id', ...searchedBy(reader)];
    warnings.push(...missingForReading(parsed(text), reader.type, needed));
  } catch (error) {
    warnings.push(wordsOf(error));
  }
  return { problems, warnings };
}

function searchedBy({ settings: { category, code, tag, search = {} } }: FhirReader): string[] {
  const own = Object.entries({ category, code, _tag: tag }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return [...own, ...Object.keys(search).map((name) => name.replace(/[:.].*$/, ''))];
}

function wordsOf(error: unknown): SourceHealth['problems'][number] {
  if (!(error instanceof SystemFailure)) throw error;
  const { code, message, remedy } = error;
  return { code, message, remedy };
}

/** Of some records, those that came without what the server has and should have joined to them. */
async function countUnjoined(reader: FhirReader, c: Context): Promise<number> {
  const page = await reader.page(reader.path.window(ALL, { count: 20, sorted: true }), c);
  const rows = typeof page === 'string' ? [] : page.rows.flatMap((row) => (isOddEntry(row) ? [] : row));
  return [...(await completeJoined(reader, rows, c))].filter(([row, whole]) => row !== whole).length;
}

function includeDropped(place: string): SourceHealth['warnings'][number] {
  return {
    code: 'IncludeDropped',
    message: `${place}: it drops _include, or a part of what that joins: Sangam asks for the rest by itself, page by page.`,
    remedy: 'Have _include switched on there for the search parameters under “include:”, to save those requests.',
  };
}

function boundsDropped(place: string): SourceHealth['problems'][number] {
  return {
    code: 'FilterDropped',
    message: `${place}: it gives resources when it is asked for those that were last updated in a far future: it drops _lastUpdated.`,
    remedy: 'Have searches by _lastUpdated switched on there, or read this type from another server.',
  };
}

function nothingThere(type: string): SourceHealth['warnings'][number] {
  return {
    code: 'NothingThere',
    message: `The FHIR server gives no ${type} by the search of the definition.`,
    remedy: 'Compare category, code, tag and search with what stands in its resources: code, or system|code.',
  };
}
