import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../../src/simulators/avni/random.js';
import type { StoredRecord } from '../../../../src/simulators/avni/organisation.js';
import { destinationWorld, everything, PERSON, type DestinationWorld, type Typed } from './world.js';

type Body = Record<string, unknown>;

const VALUES: [unknown, ...unknown[]] = [
  undefined,
  ...[null, '', ' ', 'x', 0, 1, -1, 1.5, 1e308, 31, true, false, [], {}, [''], [[]], [1, 'x'], '\0', '\ud800', Number.NaN],
  ...[
    'Female',
    'Nobody',
    'Fever',
    'B positive',
    ['Hindi', 'Hindi'],
    ['Kannada', 'Tamil'],
    'Karnataka',
    'Karnataka, Mysuru',
    'Karnataka, Mysuru, Varuna',
  ],
  ...[
    '2025-02-30',
    '2025-02-03',
    '2025-02-03T10:00:00',
    '2025-02-03T10:00:00Z',
    '2025-02-03T10:00:00.123456+05:30',
    '10:30',
    'P2M',
    '2999-01-01T00:00:00Z',
  ],
  ...[
    { x: 1, y: 2 },
    { X: 1, Y: 2 },
    { x: '1', y: 2 },
    { coordinates: { x: 1, y: 2 }, accuracy: 5 },
    { phoneNumber: '9000000001' },
    '+919000000001',
  ],
  ...[
    { Seats: 2 },
    [{ Seats: 2 }, { Seats: 'two' }],
    { 'No such': 1 },
    { Toilet: { Seats: 2 } },
    'https://emr.example/a.jpg',
    'ftp://x',
    'https://gone.invalid/a.jpg',
  ],
  ...[{ State: 'Karnataka', District: 'Mysuru', Village: 'Varuna' }, { Village: 'Varuna' }, '3d5b1c0e-0000-4000-8000-000000000000'],
];

const CONCEPTS: [string, ...string[]] = [
  'Blood group',
  ...['Languages spoken', 'Symptoms', 'Weight', 'Haemoglobin', 'Number of members', 'Remarks', 'Lab remarks', 'Last check date'],
  ...['Sample taken', 'Feeding time', 'Duration of illness', 'Mobile', 'Photo', 'Birth place', 'Guardian', 'Household', 'Toilet'],
  ...['No such', 'Fever', 'Gender', '__proto__', 'constructor', ''],
];

interface Kind {
  name: string;
  to: object;
  fields: [string, ...string[]];
  /** A record that is there already, and is right. */
  right(world: DestinationWorld): Body;
}

const VISIT = [
  'Encounter date time',
  'Earliest scheduled date',
  'Max scheduled date',
  'Cancel date time',
  'Encounter Coordinates',
  'Cancel location',
  'cancelObservations',
];
const subjectOf = ({ organisation }: DestinationWorld): string => organisation.all().find(({ kind }) => kind === 'subject')?.id ?? '';
const enrolmentOf = ({ organisation }: DestinationWorld): string => organisation.all().find(({ kind }) => kind === 'enrolment')?.id ?? '';

const KINDS: Kind[] = [
  {
    name: 'subjects',
    to: { subject: 'Beneficiary' },
    fields: [
      'First name',
      'Middle name',
      'Last name',
      'Date of birth',
      'Gender',
      'Registration date',
      'Registration Coordinates',
      'Subject location',
      'Address',
      'Address map',
      'Location ID',
      'Profile picture',
      'Subject type',
      'Voided',
      'External ID',
    ],
    right: () => PERSON,
  },
  {
    name: 'groups',
    to: { subject: 'Group' },
    fields: ['First name', 'Registration date', 'Gender', 'Address', 'Last name'],
    right: () => ({ 'First name': 'Help', 'Registration date': '2025-01-01' }),
  },
  {
    name: 'enrolments',
    to: { enrolment: 'Nutrition' },
    fields: [
      'Subject ID',
      'Subject external ID',
      'Enrolment datetime',
      'Exit datetime',
      'Enrolment Coordinates',
      'Exit location',
      'exitObservations',
      'Program',
    ],
    right: (world) => ({
      'Subject ID': subjectOf(world),
      'Enrolment datetime': '2025-11-21T10:00:00Z',
      observations: { 'Birth weight': 2 },
    }),
  },
  {
    name: 'program encounters',
    to: { programEncounter: 'Growth monitoring' },
    fields: ['Enrolment ID', 'Enrolment external ID', ...VISIT],
    right: (world) => ({ 'Enrolment ID': enrolmentOf(world), 'Encounter date time': '2025-12-01T10:00:00Z', observations: { Weight: 3 } }),
  },
  {
    name: 'general encounters',
    to: { encounter: 'Health check' },
    fields: ['Subject ID', 'Subject external ID', ...VISIT],
    right: (world) => ({ 'Subject ID': subjectOf(world), 'Encounter date time': '2025-12-01T10:00:00Z', observations: { Systolic: 120 } }),
  },
];

/** The right record with up to four things about it made odd. */
function spoilt(body: Body, { fields }: Kind, random: Random): Body {
  const made: Body = structuredClone(body);
  for (let n = random.between(1, 4); n > 0; n -= 1) {
    const value = random.pick(VALUES);
    if (random.chance(0.5))
      Object.defineProperty(made, random.pick(fields), { value, enumerable: true, configurable: true, writable: true });
    else made['observations'] = { ...(made['observations'] as Body | undefined), [random.pick(CONCEPTS)]: value };
  }
  if (random.chance(0.05)) made['observations'] = random.pick(VALUES);
  return made;
}

const HIDDEN: [string, (world: DestinationWorld) => void][] = [
  ['as it is set up', () => undefined],
  ['though what is set up may not be read', ({ simulator }) => void (simulator.settings.metadataReadable = false)],
  [
    'though a gender, an answer and a concept were taken away meanwhile',
    ({ organisation: { metadata } }) => {
      metadata.genders = ['Male'];
      metadata.concepts.splice(
        metadata.concepts.findIndex(({ name }) => name === 'B positive'),
        1,
      );
      for (const concept of metadata.concepts) if (concept.name === 'Weight') concept.name = 'Weight (voided~7)';
    },
  ],
];

/**
 * Writes odd records over one that is right, and tells which of them the server answered with a
 * 400.
 */
async function writeOdd(kind: Kind, hide: (world: DestinationWorld) => void, to: object, seed: number): Promise<void> {
  const random = new Random(seed);
  const world = await destinationWorld();
  await world.to({ subject: 'Beneficiary' }, { entityType: 'Person' }).one('s', PERSON);
  await world
    .to({ enrolment: 'Nutrition' }, { entityType: 'In' })
    .one('e', { 'Subject ID': subjectOf(world), 'Enrolment datetime': '2025-11-21T10:00:00Z' });
  const right = kind.right(world);
  const whole = world.to(kind.to);
  expect((await whole.one('there', right)).kind).toBe('created');
  const typed: Typed = world.to(to);
  hide(world);
  let [refused, written] = [0, 0];
  for (let n = 0; n < 60; n += 1) {
    const before = everything(world.organisation);
    const outcome = await typed.one('there', spoilt(right, kind, random));
    if (outcome.kind === 'updated') written += 1;
    if (!['refused', 'removed', 'absent'].includes(outcome.kind)) continue;
    refused += 1;
    if (outcome.kind === 'refused') expect(everything(world.organisation)).toEqual(before);
  }
  expect(refused).toBeGreaterThan(10);
  for (const stored of world.organisation.all()) expect(damageOf(stored)).toBeUndefined();
  expect(world.simulator.requests.length).toBeGreaterThan(written);
}

/** What a 400 leaves behind. */
function damageOf({ kind, body }: StoredRecord): string | undefined {
  const observations = body['observations'] as Body;
  if (kind === 'subject' && typeof observations['First name'] !== 'string') return 'first name';
  if (kind === 'subject' && body['Registration date'] === null) return 'registration date';
  if (['encounter', 'programEncounter'].includes(kind) && !body['Encounter date time'] && !body['Earliest scheduled date']) return 'dates';
  return undefined;
}

describe.each(HIDDEN)('no record whatever damages what Avni has, %s', (_name, hide) => {
  it.each(KINDS)('of $name', async (kind) => {
    for (const seed of [1, 2]) await writeOdd(kind, hide, kind.to, seed);
  });

  it.each(KINDS)('of $name that are shared', async (kind) => {
    const owns = [
      'First name',
      'Gender',
      'Last name',
      'Encounter date time',
      'Earliest scheduled date',
      'Cancel date time',
      ...CONCEPTS.filter((each) => each !== ''),
    ];
    await writeOdd(kind, hide, { ...kind.to, owns }, 3);
  });
});
