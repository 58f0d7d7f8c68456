import { afterEach } from '@jest/globals';
import { startAvniSimulator, type AvniSimulator, type AvniSimulatorOptions } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';

const open: AvniSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

export type Row = Record<string, unknown> & { ID: string; observations: Record<string, unknown>; audit: Record<string, string> };

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** `{}` where it is not JSON. */
  body: Row & { content: Row[]; totalElements: number; totalPages: number; pageSize: number; authToken?: string };
}

export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface World {
  simulator: AvniSimulator;
  organisation: AvniOrganisation;
  ask: Ask;
  ids(path: string): Promise<string[]>;
}

export const T = Date.UTC(2026, 0, 1);
export const iso = (time: number): string => new Date(time).toISOString();

/** A simulator that is closed after the test, asked by the user of the given name. */
export async function world(options: AvniSimulatorOptions = {}, organisation = new AvniOrganisation()): Promise<World> {
  const simulator = await startAvniSimulator({ organisation, ...options });
  open.push(simulator);
  const ask: Ask = async (method, path, body, headers = { 'user-name': 'integrator@demo' }) => {
    const response = await fetch(`${simulator.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (/^[{[]/.test(text) ? JSON.parse(text) : {}) as Answer['body'],
    };
  };
  const ids = async (path: string): Promise<string[]> => (await ask('GET', path)).body.content.map(({ ID }) => ID);
  return { simulator, organisation, ask, ids };
}

/** A body that an Avni server takes. */
export const person = (more: object = {}): Record<string, unknown> => ({
  'External ID': 'CRM-1',
  'Subject type': 'Beneficiary',
  Address: 'Karnataka, Mysuru, Hosahalli',
  'First name': 'Lakshmi',
  'Last name': 'Gowda',
  'Registration date': '2025-11-20',
  'Date of birth': '1994-03-02',
  Gender: 'Female',
  'Registration Coordinates': { x: 12.2, y: 76.6 },
  observations: { 'Phone number': '9000000001', 'Blood group': 'B positive' },
  ...more,
});

export const visit = (more: object = {}): Record<string, unknown> => ({
  'External ID': 'V-1',
  'Encounter type': 'Health check',
  'Subject external ID': 'CRM-1',
  'Encounter date time': '2025-11-21T09:30:00.000Z',
  observations: { Systolic: 120 },
  cancelObservations: {},
  ...more,
});

export const enrolment = (more: object = {}): Record<string, unknown> => ({
  'External ID': 'E-1',
  Program: 'Nutrition',
  'Subject external ID': 'CRM-1',
  'Enrolment datetime': '2025-11-21',
  observations: {},
  exitObservations: {},
  ...more,
});

export const programVisit = (more: object = {}): Record<string, unknown> => ({
  'External ID': 'G-1',
  'Encounter type': 'Growth monitoring',
  'Enrolment external ID': 'E-1',
  'Encounter date time': '2025-11-25T00:00:00+05:30',
  observations: { Weight: 11.4 },
  cancelObservations: {},
  ...more,
});

/** `{...}` without these keys. */
export function without(body: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** A subject, an encounter, an enrolment and a program encounter, all made over the API. */
export async function family(): Promise<
  World & { ids4: Record<'subject' | 'encounter' | 'programEnrolment' | 'programEncounter', string> }
> {
  const all = await world();
  const { ask } = all;
  const made = async (path: string, body: object): Promise<string> => {
    const { status, body: row, text } = await ask('POST', path, body);
    if (status !== 200) throw new Error(text);
    return row.ID;
  };
  const subject = await made('/api/subject', person());
  const encounter = await made('/api/encounter', visit());
  const programEnrolment = await made('/api/programEnrolment', enrolment());
  const programEncounter = await made('/api/programEncounter', programVisit());
  return { ...all, ids4: { subject, encounter, programEnrolment, programEncounter } };
}
