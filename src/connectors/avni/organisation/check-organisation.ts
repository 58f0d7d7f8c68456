import { didYouMean } from '../../../definition/source/suggest.js';
import type { FileProblem } from './bad-organisation.js';
import { forQuestions } from './for-questions.js';
import type { FormData, OrganisationData } from './organisation-data.js';

type Problem = Omit<FileProblem, 'file'>;

/** What one part of an organisation names and another does not have, and what is there twice. */
export function checkOrganisation(data: OrganisationData): Problem[] {
  const types = { subjectType: data.subjectTypes, program: data.programs, encounterType: data.encounterTypes };
  const problems = [...twice(data), ...checkConcepts(data)];
  const expect = (path: string, name: string | undefined, list: { name: string }[], what: string): void => {
    if (name !== undefined && !list.some((each) => each.name === name)) problems.push(unknown(path, name, list, what));
  };
  data.forms.forEach((form, index) => {
    const path = `forms » ${index + 1}`;
    for (const key of ['subjectType', 'program', 'encounterType'] as const) expect(`${path} » ${key}`, form[key], types[key], WORDS[key]);
    const lacks = lacking(form);
    if (lacks !== undefined) problems.push({ path, message: `A form of ${form.formType} needs "${lacks}".` });
    forQuestions(form.questions, (question, at) => expect(`${path} » ${at.join(' » ')}`, question.concept, data.concepts, 'concept'));
  });
  data.groupRoles.forEach(({ group, member }, index) => {
    expect(`groupRoles » ${index + 1} » group`, group, data.subjectTypes, WORDS.subjectType);
    expect(`groupRoles » ${index + 1} » member`, member, data.subjectTypes, WORDS.subjectType);
  });
  data.locations.forEach(({ type, parent }, index) => {
    expect(`locations » ${index + 1} » type`, type, data.locationTypes, 'type of location');
    const places = data.locations.flatMap(({ title, uuid }) => [title, uuid ?? title]).map((name) => ({ name }));
    expect(`locations » ${index + 1} » parent`, parent, places, 'location');
  });
  return [...problems, ...circles(data)];
}

const WORDS = { subjectType: 'subject type', program: 'program', encounterType: 'encounter type' };

/** A text that names what is not there, with what was likely meant. */
export function unknown(path: string, name: string, list: readonly { name: string }[], what: string): Problem {
  const names = list.map((each) => each.name);
  return { path, message: `There is no ${what} "${name}".${didYouMean(name, names)}` };
}

function checkConcepts({ concepts, subjectTypes }: OrganisationData): Problem[] {
  return concepts.flatMap(({ name, low, high, subjectType }): Problem[] => {
    const path = `concepts » ${name}`;
    if (low !== undefined && high !== undefined && low > high) return [{ path, message: '"low" is above "high".' }];
    if (subjectType !== undefined && !subjectTypes.some((each) => each.name === subjectType))
      return [unknown(`${path} » subjectType`, subjectType, subjectTypes, WORDS.subjectType)];
    return [];
  });
}

function lacking({ formType, subjectType, program, encounterType }: FormData): string | undefined {
  if (formType === 'IndividualProfile') return subjectType === undefined ? 'subjectType' : undefined;
  if (formType === 'ProgramEnrolment' || formType === 'ProgramExit') return program === undefined ? 'program' : undefined;
  return encounterType === undefined ? 'encounterType' : undefined;
}

function twice(data: OrganisationData): Problem[] {
  const lists = ['subjectTypes', 'programs', 'encounterTypes', 'concepts', 'locationTypes'] as const;
  return lists.flatMap((list) => {
    const names = data[list].map(({ name }) => name);
    const again = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    return [...again].map((name) => ({ path: list, message: `"${name}" is there twice.` }));
  });
}

/** Locations that lie within themselves. */
function circles({ locations }: OrganisationData): Problem[] {
  return locations.flatMap((location, index) => {
    let at = parentOf(location, locations);
    for (let steps = 0; at && steps <= locations.length; steps += 1) at = parentOf(at, locations);
    return at ? [{ path: `locations » ${index + 1}`, message: 'A location lies within itself.' }] : [];
  });
}

/** The location that another lies in, named by its UUID or its title. */
export function parentOf<T extends { title: string; uuid?: string | undefined; parent?: string | undefined }>(
  { parent }: T,
  locations: readonly T[],
): T | undefined {
  return parent === undefined ? undefined : locations.find(({ title, uuid }) => uuid === parent || title === parent);
}
