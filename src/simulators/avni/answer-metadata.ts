import type { SimulatedResponse } from '../server.js';
import { packed } from './answers.js';
import type { Question } from '../../connectors/avni/organisation/organisation-data.js';
import { named, type AvniMetadata, type Concept, type Form, type Location, type Named, type SubjectType } from './metadata.js';
import type { AvniOrganisation } from './organisation.js';
import type { AvniKind } from './record.js';
import type { RequestContext } from './request-context.js';

/** What the web application asks of an organisation’s set-up; `undefined` for another path. */
export function answerMetadata({ request, organisation, settings }: RequestContext): SimulatedResponse | undefined {
  const { path, query } = request;
  if (!path.startsWith('/web/') && !['/gender/search/lastModified', '/forms/export'].includes(path)) return undefined;
  if (!settings.metadataReadable) return { status: 403 };
  const { subjectTypes, programs, taskTypes, encounterTypes, concepts, genders } = organisation.metadata;
  if (path === '/forms/export') return packed(request, formBody(query.get('formUUID'), organisation.metadata));
  if (path.startsWith('/gender')) return packed(request, embedded(genders));
  if (path === '/web/operationalModules')
    return packed(request, {
      subjectTypes: types(subjectTypes, ['subject'], organisation).map((type) => ({ ...type, ...subjectTypeOf(type.name, subjectTypes) })),
      programs: types(programs, ['enrolment'], organisation),
      encounterTypes: types(encounterTypes, ['encounter', 'programEncounter'], organisation),
      taskTypes: taskTypes.map(({ name, uuid }) => ({ name, uuid, taskTypeName: 'OpenSubject' })),
      addressLevelTypes: levelsOf(organisation.metadata.locations),
      customRegistrationLocations: subjectTypes.map(({ uuid, registeredAt }) => ({
        subjectTypeUUID: uuid,
        addressLevels: registeredAt.map((name) => ({ ...named(name, 'location type'), level: 1 })),
      })),
      forms: organisation.metadata.forms.map(({ name, uuid }) => ({ name, uuid })),
      formMappings: organisation.metadata.forms.map((form) => mappingOf(form, organisation.metadata)),
    });
  if (path === '/web/concepts') return packed(request, conceptPage(query, concepts, subjectTypes));
  if (path !== '/web/concept') return undefined;
  const concept = concepts.find(({ name }) => name === query.get('name'));
  return concept ? packed(request, conceptBody(concept, concepts)) : { status: 404 };
}

/** As Spring Data REST lists what its repositories hold. */
function embedded(genders: string[]): object {
  const gender = genders.map((name) => ({ ...named(name, 'gender'), voided: false }));
  return { _embedded: { gender }, page: { size: genders.length, totalElements: genders.length, totalPages: 1, number: 0 } };
}

function mappingOf({ uuid, formType, ...of }: Form, { subjectTypes, programs, encounterTypes }: AvniMetadata): object {
  const idIn = (list: Named[], wanted: string | undefined): string | undefined => list.find(({ name }) => name === wanted)?.uuid;
  return {
    formUUID: uuid,
    formType,
    isVoided: false,
    subjectTypeUUID: idIn(subjectTypes, of.subjectType),
    programUUID: idIn(programs, of.program),
    encounterTypeUUID: idIn(encounterTypes, of.encounterType),
  };
}

function formBody(uuid: string | null, { forms, concepts }: AvniMetadata): object {
  const form = forms.find((each) => each.uuid === uuid);
  const formElements = elementsOf(form?.questions ?? [], concepts, uuid ?? '');
  return { name: form?.name, uuid, formElementGroups: [{ name: 'all', voided: false, formElements }] };
}

/** In one list, those of a group beside it: they name it as their parent. */
function elementsOf(questions: Question[], concepts: Concept[], form: string, parent?: string): object[] {
  return questions.flatMap((question) => {
    const concept = concepts.find(({ name }) => name === question.concept);
    const { uuid } = named(question.concept, parent ?? form);
    return [
      {
        name: question.concept,
        uuid,
        voided: false,
        type: question.several === true ? 'MultiSelect' : 'SingleSelect',
        mandatory: question.mandatory === true,
        keyValues: question.repeatable === true ? [{ key: 'repeatable', value: true }] : [],
        concept: { name: question.concept, uuid: concept?.uuid, dataType: concept?.dataType },
        ...(parent !== undefined ? { parentFormElementUuid: parent } : {}),
      },
      ...elementsOf(question.questions ?? [], concepts, form, uuid),
    ];
  });
}

/** A page of concepts, as Spring wraps it: coded ones without their answers. */
function conceptPage(query: URLSearchParams, concepts: Concept[], subjectTypes: SubjectType[]): object {
  const [number, size] = [Number(query.get('page') ?? 0), Number(query.get('size') ?? 20)];
  const shown = concepts.slice(number * size, (number + 1) * size).map(({ answers: _answers, subjectType, ...concept }) => {
    const uuid = subjectTypes.find(({ name }) => name === subjectType)?.uuid;
    return { ...concept, voided: false, keyValues: uuid === undefined ? [] : [{ key: 'subjectTypeUUID', value: uuid }] };
  });
  const page = { size, totalElements: concepts.length, totalPages: Math.ceil(concepts.length / size), number };
  return { ...(shown.length > 0 ? { _embedded: { concept: shown } } : {}), page };
}

/** Types of location, each with its level. */
function levelsOf(locations: Location[]): object[] {
  const levels = new Map(locations.map(({ type, level }) => [type, level]));
  return [...levels].map(([name, level]) => ({ ...named(name, 'location type'), level }));
}

function subjectTypeOf(name: string, known: SubjectType[]): object {
  const type = known.find((each) => each.name === name);
  const isPerson = type?.person ?? true;
  return {
    type: isPerson ? 'Person' : 'Group',
    allowEmptyLocation: type?.mayLackAddress ?? false,
    allowMiddleName: false,
    allowProfilePicture: false,
  };
}

function conceptBody({ answers = [], ...concept }: Concept, concepts: Concept[]): object {
  const conceptAnswers = answers.flatMap((name, order) => {
    const answer = concepts.find((each) => each.name === name);
    return answer ? [{ order, abnormal: false, unique: false, voided: false, answerConcept: { ...answer, voided: false } }] : [];
  });
  return { ...concept, voided: false, active: true, ...(conceptAnswers.length > 0 ? { conceptAnswers } : {}) };
}

/** Those that are set up, and those that records have which tests put in. */
function types(known: Named[], kinds: AvniKind[], organisation: AvniOrganisation): (Named & { active: boolean; voided: boolean })[] {
  const used = organisation.all().flatMap(({ kind, type }) => (kinds.includes(kind) ? [type] : []));
  return [...new Set([...known.map(({ name }) => name), ...used])].map((name) => ({
    ...(known.find((each) => each.name === name) ?? named(name)),
    active: true,
    voided: false,
  }));
}
