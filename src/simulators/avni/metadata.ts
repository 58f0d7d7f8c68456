import { createHash } from 'node:crypto';
import type { FormData } from '../../connectors/avni/organisation/organisation-data.js';

export interface Named {
  name: string;
  uuid: string;
}

export interface SubjectType extends Named {
  /** Has a gender and a date of birth. */
  person: boolean;
  /** Types of location where one may be registered. */
  registeredAt: string[];
  mayLackAddress: boolean;
}

/** Its statuses by name, and whether a task of that status is over. */
export interface TaskType extends Named {
  statuses: ReadonlyMap<string, boolean>;
}

export interface Concept extends Named {
  /** As Avni calls it, such as `Coded`; `NA` is an answer. */
  dataType: string;
  /** Names of the concepts that answer a coded one. */
  answers?: string[];
  /** Bounds of a number; phones take nothing beyond them, the server anything. */
  lowAbsolute?: number;
  highAbsolute?: number;
  unit?: string;
  /** Of a Subject: which subjects may be chosen. */
  subjectType?: string;
}

export interface Location {
  uuid: string;
  externalId: string | null;
  title: string;
  type: string;
  /** From the lowest, 1, upwards. */
  level: number;
  parent?: Location;
  voided: boolean;
  /** Milliseconds, UTC. */
  stamp: number;
}

/** A form of a kind of record and its type, with what it asks. */
export type Form = Named & Omit<FormData, 'name' | 'uuid'>;

/** What an organisation has set up: the names that its records may use. */
export interface AvniMetadata {
  subjectTypes: SubjectType[];
  programs: Named[];
  encounterTypes: Named[];
  taskTypes: TaskType[];
  genders: string[];
  concepts: Concept[];
  forms: Form[];
  locations: Location[];
}

/** The same name has the same UUID everywhere. */
export function named(name: string, kind = ''): Named {
  const hex = createHash('md5').update(`${kind}\0${name}`).digest('hex');
  return { name, uuid: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-3${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}` };
}

/** From the root down to the location itself. */
export function lineage(location: Location): Location[] {
  return location.parent ? [...lineage(location.parent), location] : [location];
}
