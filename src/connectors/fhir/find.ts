import type { Context, DestinationOptions, Found, Ref } from '../connector.js';
import type { FhirClient, SearchParameter } from './client.js';
import { together } from '../together.js';
import { resourceId } from '../derived-id.js';
import { ID_TAG, ORIGIN_TAG, originCode } from './identity.js';
import { derivedIdOf, hasIdentifier, originsOf, type StoredResource } from './resource.js';
import { searchAll } from './search.js';
import { isMarked } from './marks.js';
import { fhirDestinationSettings, typesOf, type FhirDestinationSettings } from './settings.js';
import { getOwn } from '../../model/keyed.js';

interface Question {
  type: string;
  parameter: SearchParameter;
  value: string;
  fits(resource: StoredResource): boolean;
  /**
   * Type → what marks a resource of the entity type as no longer valid, where its definition says.
   */
  mark?: FhirDestinationSettings['mark'];
}

/**
 * Finds resources by derived id, by tag where they are met by a key, or by business key: few calls,
 * and every result checked against its question.
 */
export async function findRefs(client: FhirClient, options: DestinationOptions, refs: Ref[], c: Context): Promise<Found[][]> {
  const questions = refs.map((ref) => questionsOf(ref, options, client.settings.ids));
  const groups = new Map<string, { type: string; parameter: SearchParameter; values: Set<string> }>();
  for (const { type, parameter, value } of questions.flat()) {
    const group = groups.get(`${type} ${parameter}`) ?? { type, parameter, values: new Set<string>() };
    group.values.add(value);
    groups.set(`${type} ${parameter}`, group);
  }
  const found = new Map<string, StoredResource>();
  await together<void[]>(
    [...groups.values()].map(({ type, parameter, values }) => async (each) => {
      // A value the server does not take finds nothing: the record it comes from is the one to say
      // so when it is written.
      for (const resource of (await searchAll(client, type, parameter, [...values], each)).found)
        found.set(`${resource.resourceType}/${resource.id}`, resource);
    }),
    c,
  );
  return answers(questions, [...found.values()]);
}

/**
 * One pass over what was found, by what each parameter looks at, rather than one for each question.
 */
function answers(questions: Question[][], resources: StoredResource[]): Found[][] {
  const byId = new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  return questions.map((alternatives) => {
    const fitting = alternatives.flatMap((question) =>
      question.parameter === '_id'
        ? (byId.get(`${question.type}/${question.value}`) ?? [])
        : resources.filter((each) => each.resourceType === question.type && question.fits(each)),
    );
    const found = [...new Set(fitting)].map((resource) => foundOf(resource, alternatives[0]?.mark));
    // Where a record took another resource over, the one of its own stays behind, marked.
    const valid = found.filter(({ removed }) => removed !== true);
    return valid.length > 0 ? valid : found;
  });
}

function foundOf(resource: StoredResource, mark: FhirDestinationSettings['mark']): Found {
  const { resourceType, id, meta, ...body } = resource;
  return {
    type: resourceType,
    id,
    ...(meta?.versionId !== undefined ? { version: meta.versionId } : {}),
    ...(isMarked(resource, mark) ? { removed: true } : {}),
    body,
  };
}

function questionsOf(ref: Ref, options: DestinationOptions, ids: 'client' | 'server' | undefined): Question[] {
  if ('key' in ref) {
    const { type, key } = ref;
    return [
      {
        type,
        parameter: 'identifier',
        value: key.system !== undefined ? `${key.system}|${key.value}` : key.value,
        fits: (each) => hasIdentifier(each, key.system, key.value),
      },
    ];
  }
  const { entityType, id } = ref.origin;
  const known = getOwn(options.entityTypes, entityType);
  if (!known) return [];
  const name = ref.name ?? known.resourceNames[0] ?? 'main';
  const settings = fhirDestinationSettings.parse(known.settings);
  const types = typesOf(settings);
  const marks = settings.mark ? { mark: settings.mark } : {};
  if (!known.keyed.includes(name)) {
    const value = resourceId(options.integration, entityType, known.formerly, id, name);
    if (ids !== 'server') return types.map((type) => ({ type, parameter: '_id', value, fits: (each) => each.id === value, ...marks }));
    const fits = (each: StoredResource): boolean => derivedIdOf(each) === value;
    return types.map((type) => ({ type, parameter: '_tag', value: `${ID_TAG}|${value}`, fits, ...marks }));
  }
  const codes = [entityType, ...known.formerly].map((each) =>
    originCode({ integration: options.integration, process: options.process, entityType: each, id }),
  );
  const derived = known.resourceNames
    .filter((each) => each !== name)
    .map((each) => resourceId(options.integration, entityType, known.formerly, id, each));
  const fits = (each: StoredResource): boolean =>
    originsOf(each).some((code) => codes.includes(code)) && !derived.includes(derivedIdOf(each));
  return types.flatMap((type) =>
    codes.map((code) => ({ type, parameter: '_tag' as const, value: `${ORIGIN_TAG}|${code}`, fits, ...marks })),
  );
}
