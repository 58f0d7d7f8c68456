import type { BundleConcept, BundleElement, BundleForm, Bundle } from './bundle-shapes.js';
import { FORM_TYPES, organisationData, type ConceptData, type OrganisationData, type Question } from './organisation-data.js';

type Mapping = Bundle['formMappings'][number];
type Form = OrganisationData['forms'][number];

/** A bundle by names, without what is voided. A form that is not there is left out. */
export function fromBundle(bundle: Bundle): OrganisationData {
  const { organisation, genders } = bundle;
  const locationTypes = there(bundle.addressLevelTypes);
  const subjectTypes = there(bundle.subjectTypes).map(({ name, uuid, type, allowEmptyLocation, registeredAt }) => ({
    name,
    uuid,
    type: kindOf(type),
    ...(allowEmptyLocation === true ? { mayLackAddress: true } : {}),
    ...(registeredAt !== undefined ? { registeredAt } : {}),
  }));
  return organisationData.parse({
    ...(organisation !== undefined ? { organisation } : {}),
    ...(genders !== undefined ? { genders } : {}),
    subjectTypes,
    groupRoles: groupRolesOf(bundle),
    programs: there(bundle.programs).map(nameAndUuid),
    encounterTypes: there(bundle.encounterTypes).map(nameAndUuid),
    taskTypes: there(bundle.taskTypes ?? []).map(nameAndUuid),
    locationTypes: locationTypes.map(({ name, uuid, level }) => ({ name, uuid, level })),
    locations: locationsOf(bundle),
    concepts: conceptsIn(bundle),
    forms: bundle.formMappings.flatMap((mapping) => formOf(mapping, bundle)),
  });
}

/** The mappings that are in force, of the kinds of form that are filled in for records. */
export function mappingsInForce({ formMappings }: Pick<Bundle, 'formMappings'>): Mapping[] {
  return formMappings.filter(({ isVoided, voided, formType }) => isVoided !== true && voided !== true && isKnown(formType));
}

function formOf(mapping: Mapping, bundle: Bundle): Form[] {
  const form = bundle.forms.get(mapping.formUUID);
  if (!form || !mappingsInForce({ formMappings: [mapping] }).length || !isKnown(mapping.formType)) return [];
  const nameIn = (list: { name: string; uuid: string }[], uuid: string | null | undefined): string | undefined =>
    list.find((each) => each.uuid === uuid)?.name;
  const subjectType = nameIn(bundle.subjectTypes, mapping.subjectTypeUUID);
  const program = nameIn(bundle.programs, mapping.programUUID);
  const encounterType = nameIn(bundle.encounterTypes, mapping.encounterTypeUUID);
  return [
    {
      ...(typeof form.name === 'string' ? { name: form.name } : {}),
      uuid: mapping.formUUID,
      formType: mapping.formType,
      ...(subjectType !== undefined ? { subjectType } : {}),
      ...(program !== undefined ? { program } : {}),
      ...(encounterType !== undefined ? { encounterType } : {}),
      questions: questionsOf(form),
    },
  ];
}

function isKnown(formType: string): formType is Form['formType'] {
  return FORM_TYPES.some((each) => each === formType);
}

function questionsOf({ formElementGroups }: BundleForm): Question[] {
  const elements = there(formElementGroups).flatMap(({ formElements }) => there(formElements));
  return elements.filter(({ parentFormElementUuid }) => !parentFormElementUuid).map((each) => questionOf(each, elements));
}

function questionOf(element: BundleElement, all: BundleElement[]): Question {
  const inner = all.filter(
    (each) => each !== element && typeof element.uuid === 'string' && each.parentFormElementUuid === element.uuid && isShallow(each, all),
  );
  const repeats = element.keyValues.some(({ key, value }) => key === 'repeatable' && value === true);
  return {
    concept: element.concept.name,
    ...(element.mandatory === true ? { mandatory: true } : {}),
    ...(element.type === 'MultiSelect' ? { several: true } : {}),
    ...(repeats ? { repeatable: true } : {}),
    ...(inner.length > 0 ? { questions: inner.map((each) => questionOf(each, all)) } : {}),
  };
}

/** Whether it stands in no circle of groups. */
function isShallow(element: BundleElement, all: BundleElement[]): boolean {
  const seen = new Set<BundleElement>();
  for (let at: BundleElement | undefined = element; at; at = all.find(({ uuid }) => uuid && uuid === at?.parentFormElementUuid)) {
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return true;
}

/** Those listed, and those that only a form has. */
function conceptsIn(bundle: Bundle): ConceptData[] {
  const found = new Map<string, ConceptData>();
  const inForms = [...bundle.forms.values()].flatMap(({ formElementGroups }) =>
    there(formElementGroups).flatMap(({ formElements }) => there(formElements).map((each) => each.concept)),
  );
  for (const each of [...there(bundle.concepts), ...there(inForms)])
    if (typeof each.dataType === 'string' && !found.has(each.name)) found.set(each.name, conceptOf(each, each.dataType, bundle));
  return [...found.values()];
}

function conceptOf(each: BundleConcept, dataType: string, { subjectTypes }: Bundle): ConceptData {
  const { name, uuid, lowAbsolute, highAbsolute, unit, answers, keyValues } = each;
  const subject = keyValues.find(({ key }) => key === 'subjectTypeUUID')?.value;
  const subjectType = subjectTypes.find((type) => type.uuid === subject)?.name;
  return {
    name,
    ...(typeof uuid === 'string' ? { uuid } : {}),
    dataType,
    ...(answers && answers.length > 0 ? { answers: there(answers).map((answer) => answer.name) } : {}),
    ...(typeof lowAbsolute === 'number' ? { low: lowAbsolute } : {}),
    ...(typeof highAbsolute === 'number' ? { high: highAbsolute } : {}),
    ...(typeof unit === 'string' && unit !== '' ? { unit } : {}),
    ...(subjectType !== undefined ? { subjectType } : {}),
  };
}

function locationsOf({ locations, addressLevelTypes }: Bundle): object[] {
  const known = there(locations);
  return known.flatMap(({ uuid, name, type, addressLevelTypeUUID, parents }) => {
    const typeName = type ?? addressLevelTypes.find((each) => each.uuid === addressLevelTypeUUID)?.name;
    const parent = known.find((each) => each.uuid === parents?.[0]?.uuid)?.uuid;
    return typeName === undefined ? [] : [{ title: name, uuid, type: typeName, ...(parent !== undefined ? { parent } : {}) }];
  });
}

function groupRolesOf({ groupRoles = [], subjectTypes }: Bundle): OrganisationData['groupRoles'] {
  const nameOf = (uuid: string): string[] => subjectTypes.flatMap((type) => (type.uuid === uuid ? [type.name] : []));
  return there(groupRoles).flatMap(({ role, groupSubjectTypeUUID, memberSubjectTypeUUID }) =>
    nameOf(groupSubjectTypeUUID).flatMap((group) => nameOf(memberSubjectTypeUUID).map((member) => ({ group, member, role }))),
  );
}

function kindOf(type: string | null | undefined): string {
  return ['Person', 'Individual', 'Group', 'Household', 'User'].includes(type ?? '') ? String(type) : 'Individual';
}

function nameAndUuid({ name, uuid }: { name: string; uuid: string }): { name: string; uuid: string } {
  return { name, uuid };
}

function there<T extends { voided?: boolean | null | undefined }>(list: readonly T[]): T[] {
  return list.filter(({ voided }) => voided !== true);
}
