import { getOwn } from '../../model/keyed.js';
import { named, type AvniMetadata, type Concept, type Location } from './metadata.js';

export const VILLAGES = ['Hosahalli', 'Kadakola', 'Varuna', 'Yelwala'] as const;

const ANSWERS = {
  'Blood group': ['A positive', 'B positive', 'O positive'],
  'Languages spoken': ['Kannada', 'Hindi', 'Tamil', 'Urdu'],
  'Water source': ['Well', 'Tap', 'Tanker'],
  'Enrolment reason': ['Low weight', 'Referred', 'Routine'],
  'Nutrition status': ['Normal', 'Moderate', 'Severe'],
  'Counselling given': ['Feeding', 'Hygiene', 'Immunisation'],
  Symptoms: ['Fever', 'Cough', 'Fatigue', 'Oedema'],
};

const OTHERS: Readonly<Record<string, string[]>> = {
  Text: ['Phone number', 'Remarks', 'Head of household', 'Health ID'],
  Numeric: ['Number of members', 'Seats', 'Birth weight', 'Weight', 'Height', 'MUAC', 'Systolic', 'Diastolic', 'Haemoglobin'],
  Notes: ['Lab remarks'],
  Date: ['Last check date'],
  DateTime: ['Sample taken'],
  Time: ['Feeding time'],
  Duration: ['Duration of illness'],
  PhoneNumber: ['Mobile'],
  Image: ['Photo'],
  Location: ['Birth place'],
  Subject: ['Guardian'],
  QuestionGroup: ['Household', 'Toilet'],
};

/** Of numbers that have bounds. */
const BOUNDS: Readonly<Record<string, Pick<Concept, 'lowAbsolute' | 'highAbsolute'>>> = {
  Haemoglobin: { lowAbsolute: 1, highAbsolute: 30 },
  'Number of members': { lowAbsolute: 0 },
};

/** What the generated organisation uses, and every organisation has where nothing else is said. */
export function clinicMetadata(): AvniMetadata {
  return {
    subjectTypes: [
      { ...named('Beneficiary'), person: true, registeredAt: ['Village'], mayLackAddress: false },
      { ...named('EMR patient'), person: true, registeredAt: ['Village'], mayLackAddress: true },
      { ...named('Group'), person: false, registeredAt: ['Village'], mayLackAddress: true },
    ],
    programs: [named('Nutrition')],
    encounterTypes: [named('Growth monitoring'), named('Health check'), named('Lab result'), named('Referral')],
    taskTypes: [
      {
        ...named('Follow-up'),
        statuses: new Map([
          ['New', false],
          ['Done', true],
        ]),
      },
    ],
    genders: ['Female', 'Male', 'Other'],
    concepts: concepts(),
    forms: [],
    locations: locations(),
  };
}

function concepts(): Concept[] {
  const coded = Object.entries(ANSWERS).map(([name, answers]) => ({ ...named(name), dataType: 'Coded', answers: [...answers] }));
  const answers = [...new Set(Object.values(ANSWERS).flat())].map((name) => ({ ...named(name), dataType: 'NA' }));
  const others = Object.entries(OTHERS).flatMap(([dataType, names]) =>
    names.map((name) => ({ ...named(name), dataType, ...getOwn(BOUNDS, name) })),
  );
  return [...coded, ...answers, ...others];
}

function locations(): Location[] {
  const place = (title: string, type: string, level: number, externalId: string, parent?: Location): Location => ({
    uuid: named(title, 'location').uuid,
    externalId,
    title,
    type,
    level,
    ...(parent ? { parent } : {}),
    voided: false,
    stamp: Date.UTC(2024, 0, 1) + level * 1000,
  });
  const state = place('Karnataka', 'State', 3, 'LOC-KA');
  const district = place('Mysuru', 'District', 2, 'LOC-MYS', state);
  return [state, district, ...VILLAGES.map((title) => place(title, 'Village', 1, `LOC-${title}`, district))];
}
