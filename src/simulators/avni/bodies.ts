import { VILLAGES } from './clinic-metadata.js';
import { named } from './metadata.js';
import type { StoredRecord } from './record.js';
import type { Random } from './random.js';

const FIRST = ['Lakshmi', 'Savitri', 'Gangamma', 'Meenakshi', 'कमला', 'सुनीता', 'लक्ष्मी', 'ಗೌರಮ್ಮ', 'ನಾಗರತ್ನ', 'Fathima'] as const;
const LAST = ['Hosahalli', 'Devarajaiah', 'पाटील', 'ಹಿರೇಮಠ', 'Shanbhogue', 'Kattimani'] as const;
const DAY = 24 * 3600 * 1000;

/**
 * A beneficiary’s registration. Names carry a number, so that each can be told from every other
 * text.
 */
export function subjectBody(random: Random, n: number): Record<string, unknown> {
  const village = random.pick(VILLAGES);
  return {
    'Subject type': 'Beneficiary',
    'External ID': random.chance(0.3) ? `CRM-${n}` : null,
    'Registration date': date(random),
    location: {
      Village: village,
      'Village External ID': `LOC-${village}`,
      District: 'Mysuru',
      'District External ID': 'LOC-MYS',
      State: 'Karnataka',
      'State External ID': 'LOC-KA',
    },
    'Location ID': named(village, 'location').uuid,
    observations: {
      'First name': `${random.pick(FIRST)}${n}`,
      ...(random.chance(0.9) ? { 'Last name': `${random.pick(LAST)}${n}` } : {}),
      'Date of birth': date(random, 20 * 365),
      Gender: random.pick(['Female', 'Female', 'Male', 'Other']),
      ...(random.chance(0.7) ? { 'Phone number': `9${String(100_000_000 + n * 7)}` } : {}),
      ...(random.chance(0.4) ? { 'Blood group': random.pick(['A positive', 'B positive', 'O positive']) } : {}),
      'Languages spoken': ['Kannada', ...random.some(['Hindi', 'Tamil', 'Urdu'])],
      Household: {
        'Head of household': `${random.pick(FIRST)}-head-${n}`,
        'Number of members': random.between(1, 9),
        'Water source': random.pick(['Well', 'Tap', 'Tanker']),
        ...(random.chance(0.5) ? { Toilet: { Seats: random.between(1, 3), Remarks: `Shared with neighbour ${n}` } } : {}),
      },
      ...(random.chance(0.2) ? { Remarks: `Told of her neighbour ${n} in confidence` } : {}),
    },
  };
}

export function enrolmentBody(random: Random, subject: StoredRecord): Record<string, unknown> {
  const enrolled = dateTime(random);
  const exited = random.chance(0.2) ? dateTime(random) : null;
  // No one leaves before coming: R4 has no such period (per-1).
  const isInOrder = exited === null || enrolled <= exited;
  return {
    'Subject type': 'Beneficiary',
    'Subject ID': subject.id,
    'External ID': null,
    Program: 'Nutrition',
    'Enrolment datetime': isInOrder ? enrolled : exited,
    'Exit datetime': isInOrder ? exited : enrolled,
    observations: {
      'Birth weight': decimal(random, 1.8, 4.2),
      ...(random.chance(0.6) ? { 'Enrolment reason': random.pick(['Low weight', 'Referred', 'Routine']) } : {}),
    },
    exitObservations: {},
  };
}

export function growthBody(random: Random, enrolment: StoredRecord): Record<string, unknown> {
  return {
    ...visit(random, 'Growth monitoring', String(enrolment.body['Subject ID']), {
      Weight: decimal(random, 3, 18),
      ...(random.chance(0.8) ? { Height: decimal(random, 50, 110) } : {}),
      ...(random.chance(0.7) ? { MUAC: decimal(random, 10, 17) } : {}),
      'Nutrition status': random.pick(['Normal', 'Normal', 'Moderate', 'Severe']),
      ...(random.chance(0.3) ? { 'Counselling given': ['Feeding', ...random.some(['Hygiene', 'Immunisation'])] } : {}),
    }),
    'Enrolment ID': enrolment.id,
    Program: 'Nutrition',
  };
}

export function healthCheckBody(random: Random, subject: StoredRecord): Record<string, unknown> {
  return visit(random, 'Health check', subject.id, {
    Systolic: random.between(95, 165),
    Diastolic: random.between(60, 100),
    ...(random.chance(0.6) ? { Haemoglobin: decimal(random, 7, 15) } : {}),
    ...(random.chance(0.5) ? { Symptoms: ['Fever', ...random.some(['Cough', 'Fatigue', 'Oedema'])] } : {}),
  });
}

/** One visit in ten is only planned, one in twenty was cancelled. */
function visit(random: Random, type: string, subjectId: string, observations: Record<string, unknown>): Record<string, unknown> {
  const fate = random.next();
  const [planned, cancelled] = [fate < 0.1, fate >= 0.1 && fate < 0.15];
  const done = !planned && !cancelled;
  return {
    'Subject ID': subjectId,
    'Subject type': 'Beneficiary',
    'External ID': null,
    'Encounter type': type,
    'Encounter date time': done ? dateTime(random) : null,
    'Earliest scheduled date': done ? null : dateTime(random),
    'Max scheduled date': null,
    'Cancel date time': cancelled ? dateTime(random) : null,
    observations: done
      ? { ...observations, ...(random.chance(0.1) ? { Remarks: `Asked not to tell her husband (${subjectId.slice(0, 8)})` } : {}) }
      : {},
    cancelObservations: {},
  };
}

function dateTime(random: Random): string {
  return new Date(Date.UTC(2026, 0, 1) - Math.floor(random.next() * 700) * DAY + random.between(0, DAY)).toISOString();
}

function date(random: Random, days = 700): string {
  return new Date(Date.UTC(2026, 0, 1) - Math.floor(random.next() * days) * DAY).toISOString().slice(0, 10);
}

function decimal(random: Random, low: number, high: number): number {
  return Math.round((low + random.next() * (high - low)) * 10) / 10;
}
