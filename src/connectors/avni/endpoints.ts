import type { AvniKind, SourceKind } from './settings.js';

export interface Endpoint {
  list: string;
  one: string;
  /** Query parameter and field that name the type. */
  parameter: string;
  field: string;
  /** Where its names are among what an organisation has set up. */
  types: 'subjectTypes' | 'programs' | 'encounterTypes' | 'addressLevelTypes';
  /** Whether the window's ends themselves are given (Avni server, observed). */
  bounds: 'exclusive' | 'inclusive';
  /**
   * What the server makes of the window where a parent is named too: it counts for nothing (Avni
   * server, observed), or makes the parent count for nothing, so that it is left out.
   */
  timeless?: 'ignored' | 'left out';
  /** Its list knows no type: rows of all types come, and are told apart here. */
  untyped?: true;
}

/** Of records that are written too. */
type WrittenEndpoint = Endpoint & { types: Exclude<Endpoint['types'], 'addressLevelTypes'> };

/** The Avni server's endpoints, with bounds as a running server has them. */
export const endpoints: Readonly<Record<AvniKind, WrittenEndpoint> & Record<Exclude<SourceKind, AvniKind>, Endpoint>> = {
  subject: {
    list: '/api/subjects',
    one: '/api/subject',
    parameter: 'subjectType',
    field: 'Subject type',
    types: 'subjectTypes',
    bounds: 'exclusive',
  },
  enrolment: {
    list: '/api/programEnrolments',
    one: '/api/programEnrolment',
    parameter: 'program',
    field: 'Program',
    types: 'programs',
    bounds: 'exclusive',
    timeless: 'ignored',
  },
  programEncounter: {
    list: '/api/programEncounters',
    one: '/api/programEncounter',
    parameter: 'encounterType',
    field: 'Encounter type',
    types: 'encounterTypes',
    bounds: 'exclusive',
  },
  encounter: {
    list: '/api/encounters',
    one: '/api/encounter',
    parameter: 'encounterType',
    field: 'Encounter type',
    types: 'encounterTypes',
    bounds: 'exclusive',
  },
  location: {
    list: '/api/locations',
    one: '/api/location',
    parameter: 'location type',
    field: 'Type',
    types: 'addressLevelTypes',
    bounds: 'inclusive',
    untyped: true,
  },
};
