import type { AvniKind } from './settings.js';

/** The kinds of record that Avni takes. */
export type WriteKind = AvniKind | 'task';

/** The form of a field beside the observations. */
export type FieldForm = 'text' | 'date' | 'dateTime' | 'point' | 'texts' | 'position';

interface Written {
  /** The field that names its type. */
  type: string;
  fields: Readonly<Record<string, FieldForm>>;
  /** Fields of which one names the record it belongs to. */
  parents: readonly string[];
  /** Members that hold observations; the server needs each, if only as `{}`. */
  groups: readonly string[];
}

const SCHEDULE = {
  'Encounter date time': 'dateTime',
  'Earliest scheduled date': 'dateTime',
  'Max scheduled date': 'dateTime',
  'Cancel date time': 'dateTime',
  'Encounter Coordinates': 'point',
  'Cancel location': 'point',
} as const;

/**
 * What an Avni server takes of each kind of record, spelt as it spells it: what it does not know it
 * drops without a word.
 */
export const written: Readonly<Record<WriteKind, Written>> = {
  subject: {
    type: 'Subject type',
    fields: {
      'First name': 'text',
      'Middle name': 'text',
      'Last name': 'text',
      'Date of birth': 'date',
      Gender: 'text',
      'Registration date': 'date',
      'Profile picture': 'text',
      'Registration Coordinates': 'point',
      'Subject location': 'position',
      Address: 'text',
      'Address map': 'texts',
      'Location ID': 'text',
    },
    parents: [],
    groups: ['observations'],
  },
  enrolment: {
    type: 'Program',
    fields: {
      'Subject ID': 'text',
      'Subject external ID': 'text',
      'Enrolment datetime': 'dateTime',
      'Exit datetime': 'dateTime',
      'Enrolment Coordinates': 'point',
      'Exit location': 'point',
    },
    parents: ['Subject ID', 'Subject external ID'],
    groups: ['observations', 'exitObservations'],
  },
  programEncounter: {
    type: 'Encounter type',
    fields: { 'Enrolment ID': 'text', 'Enrolment external ID': 'text', ...SCHEDULE },
    parents: ['Enrolment ID', 'Enrolment external ID'],
    groups: ['observations', 'cancelObservations'],
  },
  encounter: {
    type: 'Encounter type',
    fields: { 'Subject ID': 'text', 'Subject external ID': 'text', ...SCHEDULE },
    parents: ['Subject ID', 'Subject external ID'],
    groups: ['observations', 'cancelObservations'],
  },
  task: {
    type: 'Task type',
    fields: {
      Name: 'text',
      'Task status': 'text',
      'Scheduled on': 'dateTime',
      'Completed on': 'dateTime',
      'Assigned to': 'text',
      'Subject ID': 'text',
      'Subject external ID': 'text',
    },
    parents: ['Subject ID', 'Subject external ID'],
    groups: ['metadata', 'observations'],
  },
};

/** They go in beside the observations of a subject, and come out among them. */
export const NAMES: readonly string[] = ['First name', 'Middle name', 'Last name', 'Date of birth', 'Gender', 'Profile picture'];

/** Three ways to say where a subject lives. */
export const PLACES: readonly string[] = ['Address', 'Address map', 'Location ID'];
