import type { RecordError } from '../../errors/record-error.js';
import { unsearchable } from './searched.js';

/** A value that is searched for. */
export interface AskedValue {
  value: string;
  /** As FHIR has it, with its signs escaped; encoded by whoever sends it. */
  token: string;
  /** As it stands in a query. */
  query: string;
  /** Characters that it takes in a form. */
  formLength: number;
}

/** How much is asked for in one request. */
export interface ChunkBounds {
  values: number;
  characters: number;
  /** Characters that a value takes, with the comma after it. */
  lengthOf(value: AskedValue): number;
}

/** Characters of a query that every server and proxy takes. */
export const BY_GET: ChunkBounds = { values: Number.POSITIVE_INFINITY, characters: 1_900, lengthOf: ({ query }) => query.length + 1 };

/** Values and characters of a form: most answers to so many come in one page. */
export const BY_POST: ChunkBounds = { values: 200, characters: 30_000, lengthOf: ({ formLength }) => formLength + 3 };

/**
 * Each value as it is asked for; those for which no server can be asked become errors of their
 * records in `broken`.
 */
export function askedValues(values: string[], broken: Map<string, RecordError>): AskedValue[] {
  return values.flatMap((value) => {
    const asked = unsearchable(value, asAsked);
    if ('value' in asked) return [asked];
    broken.set(value, asked);
    return [];
  });
}

/**
 * Colons and slashes, of which tags are full, stand for themselves in a query (RFC 3986 §3.4): more
 * values fit into one.
 */
function asAsked(value: string): AskedValue {
  const token = value.replace(/[\\,$]/g, '\\$&');
  const encoded = encodeURIComponent(token);
  return { value, token, query: encoded.replaceAll('%3A', ':').replaceAll('%2F', '/'), formLength: encoded.length };
}

/** The values, as many to each request as fit into it. */
export function chunks(values: AskedValue[], { values: most, characters, lengthOf }: ChunkBounds): AskedValue[][] {
  const list: AskedValue[][] = [];
  let chunk: AskedValue[] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const value of values) {
    const more = lengthOf(value);
    if (length + more > characters || chunk.length === most) {
      chunk = [];
      list.push(chunk);
      length = 0;
    }
    chunk.push(value);
    length += more;
  }
  return list;
}
