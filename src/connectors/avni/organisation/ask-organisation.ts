import pLimit from 'p-limit';
import { z } from 'zod';
import { SystemFailure } from '../../../errors/system-failure.js';
import type { Context } from '../../connector.js';
import { AT_ONCE } from '../at-once.js';
import type { AvniSession } from '../session.js';
import { askConcept } from '../setup/concepts.js';
import { askGenders } from '../setup/genders.js';
import { askMetadata, type Missing } from '../setup/metadata-answer.js';
import { bundleConcept, bundleFiles, bundleForm, type BundleConcept, type BundleForm } from './bundle-shapes.js';
import { fromBundle, mappingsInForce } from './from-bundle.js';
import type { OrganisationData } from './organisation-data.js';

const levels = z.array(z.object({ name: z.string(), level: z.number().default(1) })).catch([]);
const modules = z.object({
  subjectTypes: bundleFiles.subjectTypes,
  programs: bundleFiles.programs,
  encounterTypes: bundleFiles.encounterTypes,
  taskTypes: bundleFiles.programs.catch([]),
  formMappings: bundleFiles.formMappings,
  addressLevelTypes: levels,
  customRegistrationLocations: z.array(z.object({ subjectTypeUUID: z.string(), addressLevels: levels })).catch([]),
});
const conceptPage = z.object({
  _embedded: z.record(z.string(), z.array(bundleConcept)).optional(),
  page: z.object({ totalPages: z.number().int().nonnegative() }),
});

/** Concepts a page. */
const SIZE = 500;

/**
 * What an organisation has set up, asked of its server as the web application asks. Locations are
 * not in it: there may be very many.
 *
 * @throws SystemFailure, also where the user may not read it; Cancelled
 */
export async function askOrganisation(session: AvniSession, c: Context): Promise<OrganisationData> {
  const limit = pLimit(AT_ONCE);
  const found = expectReadable('/web/operationalModules', await askMetadata(session, '/web/operationalModules', {}, modules, c));
  const uuids = [...new Set(mappingsInForce(found).map(({ formUUID }) => formUUID))];
  const forms = await Promise.all(
    uuids.map((uuid) =>
      limit(async (): Promise<[string, BundleForm]> => {
        const form = await askMetadata(session, '/forms/export', { formUUID: uuid }, bundleForm, c);
        return [uuid, expectReadable('/forms/export', form)];
      }),
    ),
  );
  const listed = await askConcepts(session, c);
  const concepts = await Promise.all(listed.map((concept) => limit(() => withAnswers(concept, session, c))));
  const genders = await askGenders(session, c);
  const places = (uuid: string): string[] =>
    found.customRegistrationLocations.find(({ subjectTypeUUID }) => subjectTypeUUID === uuid)?.addressLevels.map(({ name }) => name) ?? [];
  return fromBundle({
    ...found,
    subjectTypes: found.subjectTypes.map((type) => ({
      ...type,
      ...(places(type.uuid).length > 0 ? { registeredAt: places(type.uuid) } : {}),
    })),
    addressLevelTypes: found.addressLevelTypes.map((level) => ({ ...level, uuid: level.name })),
    ...(typeof genders === 'string' ? {} : { genders: [...genders] }),
    concepts,
    locations: [],
    forms: new Map(forms),
  });
}

async function askConcepts(session: AvniSession, c: Context): Promise<BundleConcept[]> {
  const concepts: BundleConcept[] = [];
  for (let [page, pages] = [0, 1]; page < pages; page += 1) {
    const query = { page: String(page), size: String(SIZE) };
    const found = expectReadable('/web/concepts', await askMetadata(session, '/web/concepts', query, conceptPage, c));
    pages = found.page.totalPages;
    concepts.push(...Object.values(found._embedded ?? {}).flat());
  }
  return concepts;
}

/** The list of concepts is without their answers. */
async function withAnswers(concept: BundleConcept, session: AvniSession, c: Context): Promise<BundleConcept> {
  if (concept.dataType !== 'Coded') return concept;
  const found = expectReadable('/web/concept', await askConcept(session, concept.name, c));
  return { ...concept, answers: [...found.answers].map((name) => ({ name })) };
}

function expectReadable<T>(path: string, found: T | Missing): T {
  if (found !== 'unknown' && found !== 'unreadable') return found as T;
  throw new SystemFailure({
    code: 'SetupUnreadable',
    message: `Avni does not let ${path} be read, or answers it in another shape.`,
    remedy: 'Let the integration’s user read what is set up, or take the bundle that the web application exports.',
  });
}
