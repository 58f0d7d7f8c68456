import type { NamesSetUp, UnknownName } from '../../names-set-up.js';
import type { Written, WrittenProblem } from '../../written.js';
import { unknownConcepts } from '../concept-walk.js';
import { targetOf } from '../destination-settings.js';
import { kindOf } from '../settings.js';
import type { ConceptData, OrganisationData } from './organisation-data.js';

/** Members of a record that is written that hold values by the names of concepts. */
const OBSERVATIONS: readonly string[] = ['observations', 'cancelObservations', 'exitObservations'];

/** The names of an organisation, by which a definition is checked. */
export function namesOf(data: OrganisationData): NamesSetUp {
  const concepts = new Map(data.concepts.map((concept) => [concept.name, concept]));
  const answers = new Set(data.concepts.flatMap((concept) => concept.answers ?? []));
  const genders = data.genders;
  return {
    concepts: [...concepts.keys()],
    unknownTypes: (settings, side) => unknownType(side === 'source' ? kindOf(settings) : targetOf(settings), data),
    unknownConcepts: async (names) =>
      (await unknownConcepts(names, (name) => Promise.resolve(kindOfConcept(concepts.get(name), answers.has(name))))) ?? [],
    answersOf: (name) => {
      if (name === 'Gender' && !concepts.has(name)) return genders;
      const concept = concepts.get(name);
      return concept?.dataType === 'Coded' ? (concept.answers ?? []) : undefined;
    },
    checkWritten: (_settings, written) => wrongWritten(written, concepts),
  };
}

function kindOfConcept(concept: ConceptData | undefined, isAnswer: boolean): 'group' | 'value' | 'none' {
  if (!concept) return isAnswer ? 'value' : 'none';
  return concept.dataType === 'QuestionGroup' ? 'group' : 'value';
}

function unknownType({ kind, type }: { kind: string; type: string }, data: OrganisationData): UnknownName[] {
  const lists = new Map([
    ['subject', { what: 'subject type', list: data.subjectTypes }],
    ['enrolment', { what: 'program', list: data.programs }],
    ['programEncounter', { what: 'encounter type', list: data.encounterTypes }],
    ['encounter', { what: 'encounter type', list: data.encounterTypes }],
    ['location', { what: 'location type', list: data.locationTypes }],
    ['location', { what: 'type of location', list: data.locationTypes }],
    ['task', { what: 'task type', list: data.taskTypes }],
  ]);
  const known = lists.get(kind);
  const meant = known?.list.map(({ name }) => name) ?? [];
  if (!known || meant.includes(type)) return [];
  return [{ at: kind, given: type, meant, message: `The organisation has no ${known.what} ${JSON.stringify(type)}.` }];
}

/** Concepts and answers that a mapping writes out, and the organisation does not have. */
function wrongWritten(written: Written, concepts: ReadonlyMap<string, ConceptData>): WrittenProblem[] {
  if (written.kind === 'either') return written.options.flatMap((option) => wrongWritten(option, concepts));
  if (written.kind !== 'object') return [];
  return written.members.flatMap(({ name, value }) => (OBSERVATIONS.includes(name) ? wrongIn(value, concepts) : []));
}

function wrongIn(written: Written, concepts: ReadonlyMap<string, ConceptData>): WrittenProblem[] {
  if (written.kind === 'either') return written.options.flatMap((option) => wrongIn(option, concepts));
  if (written.kind === 'list') return written.items.flatMap((item) => wrongIn(item, concepts));
  if (written.kind !== 'object') return [];
  return written.members.flatMap(({ name, position, value }): WrittenProblem[] => {
    const concept = concepts.get(name);
    const meant = [...concepts.keys()];
    if (!concept) return [{ position, message: `There is no concept ${JSON.stringify(name)}.`, given: name, meant }];
    return concept.dataType === 'QuestionGroup' ? wrongIn(value, concepts) : wrongAnswers(value, concept);
  });
}

function wrongAnswers(written: Written, concept: ConceptData): WrittenProblem[] {
  if (written.kind === 'either') return written.options.flatMap((option) => wrongAnswers(option, concept));
  if (written.kind === 'list') return written.items.flatMap((item) => wrongAnswers(item, concept));
  const { dataType, answers = [], name } = concept;
  if (dataType !== 'Coded' || written.kind !== 'value' || typeof written.value !== 'string' || answers.includes(written.value)) return [];
  const message = `${JSON.stringify(written.value)} is no answer to ${JSON.stringify(name)}.`;
  return [{ position: written.position, message, given: written.value, meant: answers, allowed: answers.join(', ') }];
}
