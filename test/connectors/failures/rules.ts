/**
 * Where a failure may come in. `search` is for parents, `look` the one before a write, `entry` and
 * `bundle` are writes too.
 */
export const places = ['page', 'one', 'search', 'look', 'write', 'entry', 'bundle'] as const;
export type Place = (typeof places)[number];

const statuses = [
  302, 400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 422, 423, 425, 429, 451, 500, 501, 502, 503, 504, 507,
] as const;
const noAnswers = ['hang', 'reset', 'truncate', 'not JSON', 'other shape', 'refused', 'no TLS'] as const;
export type Failure = (typeof statuses)[number] | (typeof noAnswers)[number];

/**
 * One thing that goes wrong. `well`: for one record alone, on a server that is otherwise well; else
 * everything fails from then on.
 */
export interface Cell {
  place: Place;
  failure: Failure;
  well: boolean;
}

/** What must come of it. */
export type Expected =
  /** The system is blamed: its entity type stops, no record is. */
  | { system: string }
  /** The same, and what was written is not known. */
  | { unknown: string }
  /** The one record is blamed, the others go on. */
  | 'the record'
  /** Every record is refused for itself. */
  | 'every record'
  /** The record does not exist. */
  | 'gone'
  | 'all arrive';

/** In which cells a failure can be brought about. */
export function cells(): Cell[] {
  const all = places.flatMap((place) =>
    [...statuses, ...noAnswers].flatMap((failure) => [true, false].map((well) => ({ place, failure, well }))),
  );
  return all.filter(({ place, failure, well }) => {
    if (failure === 'refused') return !well && place !== 'entry';
    // An entry has a status or none; what befalls the connection befalls the bundle.
    if (failure === 'no TLS') return place !== 'entry' && (!well || writing.includes(place));
    return place !== 'entry' || typeof failure === 'number' || failure === 'other shape';
  });
}

const reading: Place[] = ['page', 'one', 'search', 'look'];
const writing: Place[] = ['write', 'entry', 'bundle'];
const bare: Failure[] = [500, 501, 507];

/** The rules in words of their own, not the engine’s: the first that fits counts. */
const rules: [places: readonly Place[], failures: readonly Failure[] | 'any', health: 'well' | 'sick' | 'either', expected: Expected][] = [
  [places, [401], 'either', { system: 'Unauthorized' }],
  [places, [429], 'either', { system: 'RateLimited' }],
  [places, [408, 502, 503, 504], 'either', { system: 'Unavailable' }],
  [places, [302], 'either', { system: 'BadResponse' }],
  [places, ['no TLS'], 'either', { system: 'TlsFailed' }],
  [reading, ['refused', 'reset'], 'either', { system: 'Unreachable' }],
  [reading, ['hang'], 'either', { system: 'TimedOut' }],
  // A single row is the record's own; of a list, its envelope is the system's.
  [['one'], ['other shape'], 'well', 'the record'],
  [['one'], ['other shape'], 'sick', 'every record'],
  [reading, ['truncate', 'not JSON', 'other shape'], 'either', { system: 'BadResponse' }],
  [writing, ['refused', 'reset'], 'either', { unknown: 'Unreachable' }],
  [writing, ['hang'], 'either', { unknown: 'TimedOut' }],
  // What an entry does not show is looked up.
  [['entry'], ['other shape'], 'well', 'the record'],
  [['entry'], ['other shape'], 'sick', { unknown: 'ServerError' }],
  [writing, ['truncate', 'not JSON', 'other shape'], 'either', { unknown: 'BadResponse' }],
  [['bundle'], [404, 405, 501], 'well', 'all arrive'],
  [places, bare, 'well', 'the record'],
  [places, bare, 'sick', { system: 'ServerError' }],
  [reading, [403], 'either', { system: 'Forbidden' }],
  [['one'], [404, 410], 'well', 'gone'],
  [reading, [404, 410], 'either', { system: 'NotFound' }],
  [['page'], 'any', 'either', { system: 'BadResponse' }],
  [reading, 'any', 'well', 'the record'],
  [reading, 'any', 'sick', { system: 'BadResponse' }],
  [writing, 'any', 'well', 'the record'],
  [writing, [403], 'sick', { system: 'Forbidden' }],
  [writing, [404, 410], 'sick', { system: 'NotFound' }],
  // It is looked at again before it is refused, and that is what fails then.
  [writing, [412], 'sick', { system: 'BadResponse' }],
  [writing, 'any', 'sick', 'every record'],
];

export function expectedOf({ place, failure, well }: Cell): Expected {
  const rule = rules.find(
    ([where, what, health]) =>
      where.includes(place) && (what === 'any' || what.includes(failure)) && (health === 'either' || (health === 'well') === well),
  );
  if (!rule) throw new Error(`No rule for ${place} ${failure}`);
  return rule[3];
}

/** How many answers may go wrong before it is decided, of so many records. */
export function mostHits(cell: Cell, records: number): number {
  const { place, failure, well } = cell;
  const expected = expectedOf(cell);
  // All are looked up, then the first by itself: twice each, and the system is asked.
  if (place === 'entry' && failure === 'other shape') return well ? 1 : 7;
  const atOnce = place === 'one' || place === 'write' ? records : 1;
  const doubtless = typeof failure === 'string' || [302, 401, 408, 429, 502, 503, 504].includes(failure);
  if (doubtless || (place === 'page' && failure !== 500 && !bare.includes(failure))) return atOnce;
  const tries = bare.includes(failure) ? 2 : 1;
  const looks = failure === 412 ? 3 : 1;
  const halvings = Math.ceil(Math.log2(records)) + 1;
  if (expected === 'all arrive') return tries;
  // A page is halved by the stamps of its rows, before and behind each; then its one record is
  // asked for by itself. Where the system is sick it is asked whether anything is served at all.
  if (place === 'page') return well ? tries + Math.ceil(Math.log2(2 * records + 1)) + 1 + tries : tries + 2;
  if (place === 'search' || place === 'look') return well ? tries * halvings : tries + 1;
  if (place === 'bundle') return well ? tries * halvings + looks : 2 * records - 1 + 3;
  // A record that fails is asked for once more in the older form of the API, which tells whether it
  // is voided.
  if (place === 'one' && well) return tries + 1;
  return well ? tries * looks : atOnce * (tries + 1) + 3;
}
