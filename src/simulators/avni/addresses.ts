import { illegal, notUnique } from './answers.js';
import { text } from './fields.js';
import { lineage, type AvniMetadata, type Location, type SubjectType } from './metadata.js';
import type { Body } from './record.js';
import { getOwn } from '../../model/keyed.js';

/**
 * The place a request names: `Address` in versions 1 and 2, `Address map` from 3 on; `undefined`
 * where there may be none.
 * @throws Refusal 500
 */
export function addressOf(given: Body, type: SubjectType, version: number, { locations }: AvniMetadata): Location | undefined {
  if (version >= 3) return mapped(given, locations);
  const address = text(given['Address']);
  if (address === null && type.mayLackAddress) return undefined;
  // Voided ones are found too.
  const found = locations.filter((each) => titles(each).toLowerCase() === address?.toLowerCase());
  if (found.length > 1) throw notUnique();
  const [place] = found;
  if (!place) throw illegal(`Address '${address ?? 'null'}' not found`);
  if (!type.registeredAt.includes(place.type))
    throw illegal(`Address '${address ?? ''}' of type '${place.type}' is not valid for subject type '${type.name}'`);
  return place;
}

function mapped(given: Body, locations: Location[]): Location {
  const map = given['Address map'] as Body | undefined;
  if (!map) throw illegal("version 3 and above requires 'Address map' instead of 'Address'");
  const found = locations.find((each) => !each.voided && fits(lineage(each), map));
  if (!found) throw illegal("Address corresponding to 'Address map' not found");
  return found;
}

/** Every level up to the root must be given. */
function fits(places: Location[], map: Body): boolean {
  return (
    places.length === Object.keys(map).length &&
    places.every(({ type, title }) => text(getOwn(map, type))?.toLowerCase() === title.toLowerCase())
  );
}

function titles(place: Location): string {
  return lineage(place)
    .map(({ title }) => title)
    .join(', ');
}

/** As subjects show it. */
export function locationBody(place: Location): Body {
  const levels = lineage(place).reverse();
  const location = Object.fromEntries(
    levels.flatMap(({ type, title, externalId }) => [
      [type, title],
      [`${type} External ID`, externalId],
    ]),
  );
  return { location, 'Location ID': place.uuid };
}
