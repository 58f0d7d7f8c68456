interface Identifier {
  system?: string;
  value?: string;
}

interface Coding {
  system?: string;
  code?: string;
}

export interface Meta {
  versionId?: string;
  lastUpdated?: string;
  tag?: Coding[];
  security?: Coding[];
  profile?: string[];
}

/** A FHIR resource as far as the simulator looks into it. */
export interface Resource {
  resourceType: string;
  id: string;
  meta?: Meta;
  /** A list in most types, one in some. */
  identifier?: Identifier[] | Identifier;
  [key: string]: unknown;
}

/**
 * What a resource is found by: `tag …`, `identifier …`, `reference …`; tags and identifiers with,
 * without and with any system.
 */
export function keysOf(resource: Resource): string[] {
  const tags = (resource.meta?.tag ?? []).flatMap(({ system, code }) => tokens('tag', system, code));
  const identifiers = [resource.identifier ?? []].flat().flatMap(({ system, value }) => tokens('identifier', system, value));
  return [...tags, ...identifiers, ...referencesOf(resource).map((reference) => `reference ${reference}`)];
}

function tokens(name: string, system = '', value = ''): string[] {
  return [`${name} ${system}|${value}`, `${name} ${value}`, ...(system === '' ? [] : [`${name} ${system}|`])];
}

/** Every relative reference in a resource: not absolute ones, fragments or placeholders. */
export function referencesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'reference' && typeof each === 'string' ? (/^[A-Z]\w+\/[\w.-]+$/.test(each) ? [each] : []) : referencesOf(each),
  );
}
