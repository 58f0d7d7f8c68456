import { parentOf } from '../../../connectors/avni/organisation/check-organisation.js';
import type { OrganisationData } from '../../../connectors/avni/organisation/organisation-data.js';
import { named, type AvniMetadata, type Location } from '../metadata.js';

type LocationData = OrganisationData['locations'][number];

/** What the files of an organisation set up, as the simulator has it. */
export function givenMetadata(data: OrganisationData): AvniMetadata {
  const levels = data.locationTypes.map(({ name }) => name);
  const known = new Set(data.concepts.map(({ name }) => name));
  const answers = new Set(data.concepts.flatMap((concept) => concept.answers ?? []));
  return {
    subjectTypes: data.subjectTypes.map(({ name, uuid, type, registeredAt, mayLackAddress }) => ({
      ...identified(name, uuid),
      person: type === 'Person',
      registeredAt: registeredAt ?? levels,
      mayLackAddress: mayLackAddress ?? data.locations.length === 0,
    })),
    programs: data.programs.map(({ name, uuid }) => identified(name, uuid)),
    encounterTypes: data.encounterTypes.map(({ name, uuid }) => identified(name, uuid)),
    taskTypes: data.taskTypes.map(({ name, uuid }) => ({ ...identified(name, uuid), statuses: TASK_STATUSES })),
    genders: data.genders,
    concepts: [
      ...data.concepts.map(({ name, uuid, dataType, answers: own, low, high, unit, subjectType }) => ({
        ...identified(name, uuid),
        dataType,
        ...(own ? { answers: own } : {}),
        ...(low !== undefined ? { lowAbsolute: low } : {}),
        ...(high !== undefined ? { highAbsolute: high } : {}),
        ...(unit !== undefined ? { unit } : {}),
        ...(subjectType !== undefined ? { subjectType } : {}),
      })),
      ...[...answers].filter((name) => !known.has(name)).map((name) => ({ ...named(name), dataType: 'NA' })),
    ],
    forms: data.forms.map(({ name, uuid, ...form }, index) => ({
      ...identified(name ?? `${form.formType} ${index + 1}`, uuid),
      ...form,
    })),
    locations: locationsOf(data),
  };
}

const TASK_STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['New', false],
  ['Done', true],
]);

function identified(name: string, uuid: string | undefined): { name: string; uuid: string } {
  return { name, uuid: uuid ?? named(name).uuid };
}

function locationsOf({ locations, locationTypes }: OrganisationData): Location[] {
  const made = new Map<LocationData, Location>();
  const make = (data: LocationData): Location => {
    const done = made.get(data);
    if (done) return done;
    const above = parentOf(data, locations);
    const parent = above && make(above);
    const level = locationTypes.find(({ name }) => name === data.type)?.level ?? 1;
    const location: Location = {
      uuid: data.uuid ?? named(`${parent?.uuid ?? ''}${data.title}`, 'location').uuid,
      externalId: data.externalId ?? null,
      title: data.title,
      type: data.type,
      level,
      ...(parent ? { parent } : {}),
      voided: false,
      stamp: Date.UTC(2024, 0, 1) + level * 1000,
    };
    made.set(data, location);
    return location;
  };
  return locations.map(make);
}
