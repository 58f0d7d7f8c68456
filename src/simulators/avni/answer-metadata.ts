import type { SimulatedResponse } from '../server.js';
import { packed } from './answers.js';
import type { AvniOrganisation } from './organisation.js';
import type { AvniKind } from './record.js';
import type { RequestContext } from './request-context.js';

/** What the web application asks of an organisation’s set-up; `undefined` for another path. */
export function answerMetadata({ request, organisation, settings }: RequestContext): SimulatedResponse | undefined {
  const { path, query } = request;
  if (!path.startsWith('/web/')) return undefined;
  if (!settings.metadataReadable) return { status: 403 };
  const { subjectTypes, programs, encounterTypes, concepts } = organisation.metadata;
  if (path === '/web/operationalModules')
    return packed(request, {
      subjectTypes: types(subjectTypes, ['subject'], organisation),
      programs: types(programs, ['enrolment'], organisation),
      encounterTypes: types(encounterTypes, ['encounter', 'programEncounter'], organisation),
      forms: [],
      formMappings: [],
    });
  if (path !== '/web/concept') return undefined;
  const concept = concepts.find(({ name }) => name === query.get('name'));
  return concept ? packed(request, { ...concept, voided: false }) : { status: 404 };
}

/** Those that are set up, and those that records have which tests put in. */
function types(known: { name: string; uuid: string }[], kinds: AvniKind[], organisation: AvniOrganisation): object[] {
  const used = organisation.all().flatMap(({ kind, type }) => (kinds.includes(kind) ? [type] : []));
  return [...new Set([...known.map(({ name }) => name), ...used])].map((name) => ({ name, active: true, voided: false }));
}
