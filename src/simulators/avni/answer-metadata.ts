import type { SimulatedResponse } from '../server.js';
import { packed } from './answers.js';
import { named, type AvniMetadata, type Concept, type Form, type Named, type SubjectType } from './metadata.js';
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
      addressLevelTypes: [],
      customRegistrationLocations: subjectTypes.map(({ uuid, registeredAt }) => ({
        subjectTypeUUID: uuid,
        addressLevels: registeredAt.map((name) => ({ ...named(name, 'location type'), level: 1 })),
      })),
      forms: organisation.metadata.forms.map(({ name, uuid }) => ({ name, uuid })),
      formMappings: organisation.metadata.forms.map((form) => mappingOf(form, organisation.metadata)),
    });
  if (path !== '/web/concept') return undefined;
  const concept = concepts.find(({ name }) => name === query.get('name'));
  return concept ? packed(request, conceptBody(concept, concepts)) : { status: 404 };
}

/** As Spring Data REST lists what its repositories hold. */
function embedded(genders: string[]): object {
  const gender = genders.map((name) => ({ ...named(name, 'gender'), voided: false }));
  return { _embedded: { gender }, page: { size: genders.length, totalElements: genders.length, totalPages: 1, number: 0 } };
}

const FORM_TYPES = {
  subject: 'IndividualProfile',
  enrolment: 'ProgramEnrolment',
  programEncounter: 'ProgramEncounter',
  encounter: 'Encounter',
};

function mappingOf({ uuid, kind, type }: Form, { subjectTypes, programs, encounterTypes }: AvniMetadata): object {
  const idIn = (list: Named[]): string | undefined => list.find(({ name }) => name === type)?.uuid;
  const of =
    kind === 'subject'
      ? { subjectTypeUUID: idIn(subjectTypes) }
      : kind === 'enrolment'
        ? { programUUID: idIn(programs) }
        : { encounterTypeUUID: idIn(encounterTypes) };
  return { formUUID: uuid, formType: FORM_TYPES[kind], isVoided: false, ...of };
}

function formBody(uuid: string | null, { forms, concepts }: AvniMetadata): object {
  const form = forms.find((each) => each.uuid === uuid);
  const formElements = Object.entries(form?.elements ?? {}).map(([name, isList]) => {
    const concept = concepts.find((each) => each.name === name);
    const isGroup = concept?.dataType === 'QuestionGroup';
    return {
      name,
      voided: false,
      type: isList && !isGroup ? 'MultiSelect' : 'SingleSelect',
      keyValues: isGroup && isList ? [{ key: 'repeatable', value: true }] : [],
      concept: { name, dataType: concept?.dataType },
    };
  });
  return { name: form?.name, uuid, formElementGroups: [{ name: 'all', voided: false, formElements }] };
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
