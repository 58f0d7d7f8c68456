import type { RecordError } from '../../errors/record-error.js';
import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { Context } from '../connector.js';
import { wouldSay } from './record-errors.js';
import type { Locations, Place } from './setup/locations.js';
import type { SetupView } from './setup/setup.js';
import type { SubjectType } from './setup/types.js';
import type { Body } from './stored-record.js';
import { PLACES } from './write-fields.js';

const EXTERNAL = / External ID$/;

/**
 * The titles by which a row names where a subject lives, from the top down: an Avni server gives
 * them from the bottom up.
 */
export function addressIn(row: Body): string | undefined {
  const { location } = row;
  if (!isObject(location)) return undefined;
  const titles = Object.entries(location).filter(([name]) => !EXTERNAL.test(name));
  return titles.length === 0
    ? undefined
    : titles
        .reverse()
        .map(([, title]) => String(title))
        .join(', ');
}

/** Whether a record names the place that a row shows, as far as the two tell. */
export function namesPlaceOf(given: Body, row: Body): boolean {
  const address = addressIn(row);
  if (typeof given['Address'] === 'string') return given['Address'].toLowerCase() === address?.toLowerCase();
  if (given['Location ID'] !== undefined) return given['Location ID'] === row['Location ID'];
  const { location } = row;
  const map = given['Address map'];
  if (!isObject(map) || !isObject(location)) return map === undefined && address === undefined;
  const levels = Object.keys(location).filter((name) => !EXTERNAL.test(name));
  return levels.length === Object.keys(map).length && levels.every((level) => getOwn(map, level) === getOwn(location, level));
}

/**
 * The one place a record names, by its titles, by the title of each level, or by its id; undefined
 * where it names none. @throws SystemFailure, Cancelled
 */
export async function placeOf(
  given: Body,
  type: SubjectType | undefined,
  view: SetupView,
  c: Context,
): Promise<Place | RecordError | undefined> {
  if (PLACES.every((name) => getOwn(given, name) === undefined)) return undefined;
  let found = placesIn(await view.locations(c), given);
  if (found.every(({ voided }) => voided)) found = placesIn(await view.locationsAgain(c), given);
  const [place, another] = found.filter(({ voided }) => !voided);
  if (!place) return notFound(given);
  // The server finds it by its titles, among voided ones too.
  if (another || (await view.locations(c)).at(place.lineage).length > 1) return ambiguous();
  if (type?.registeredAt && !type.registeredAt.has(place.type)) return wrongLevel(place, type);
  return place;
}

function placesIn(locations: Locations, given: Body): readonly Place[] {
  if (typeof given['Address'] === 'string') return locations.at(given['Address']);
  const map = given['Address map'];
  if (isObject(map)) return locations.on(new Map(Object.entries(map).map(([level, title]) => [level, String(title)])));
  const place = locations.withId(String(given['Location ID']));
  return place ? [place] : [];
}

function notFound(given: Body): RecordError {
  const map = given['Address map'];
  const titles = isObject(map) ? Object.values(map).join(', ') : String(given['Address'] ?? given['Location ID']);
  return wouldSay(
    'AddressNotFound',
    `Address '${titles}' not found`,
    'Avni has no such address, or only one that is voided.',
    'Add the village in Avni, or correct the address: all levels from the top, joined by comma and space.',
    'Address',
  );
}

/** No address where one is needed. */
export function missingAddress(): RecordError {
  return wouldSay(
    'AddressMissing',
    `Address 'null' not found`,
    'The record gives no address, and Avni registers no such subject without one.',
    'Let the mapping give the address, or complete the record.',
    'Address',
  );
}

/** The address of a subject that has none yet. */
export function firstAddress(): RecordError {
  return wouldSay(
    'AddressFirstGiven',
    'oldAddressLevel',
    'The subject has no address in Avni, and cannot be given its first one over the API.',
    'Avni cannot give a subject its first address over the API: set it in Avni itself.',
    'Address',
  );
}

function ambiguous(): RecordError {
  return wouldSay(
    'NotUnique',
    'Query did not return a unique result',
    'Avni has more than one location of this address.',
    'Two locations differ by letter case alone, or one of them is voided: rename one of the two in Avni.',
    'Address',
  );
}

function wrongLevel({ lineage, type: level }: Place, { name }: SubjectType): RecordError {
  return wouldSay(
    'AddressLevelWrong',
    `Address '${lineage}' of type '${level}' is not valid for subject type '${name}'`,
    'No such subject is registered at an address of this level.',
    'Give an address of the level at which such subjects are registered, usually the lowest, or change that level in Avni.',
    'Address',
  );
}
