/** A resource as the simulated FHIR server shows it of itself. */
export interface FhirResource {
  resourceType: string;
  id: string;
  meta?: { tag?: { system?: string; code?: string }[] };
  [element: string]: unknown;
}

/** The record it was written for, as `<integration>/<process>/<entity type>/<record id>`. */
export function sourceOf({ meta }: FhirResource): string | undefined {
  return meta?.tag?.find(({ system }) => system === 'urn:sangam:origin')?.code;
}

export function hasTag({ meta }: FhirResource, system: string, code: string): boolean {
  return meta?.tag?.some((each) => each.system === system && each.code === code) ?? false;
}

/** Whether one of its categories has a code. */
export function hasCategory(resource: FhirResource, code: string): boolean {
  const categories = (resource['category'] ?? []) as { coding?: { code?: string }[] }[];
  return categories.some(({ coding }) => coding?.some((each) => each.code === code));
}

/** Whether it says of itself that it no longer holds. */
export function isMarked(resource: FhirResource): boolean {
  return resource['active'] === false || resource['status'] === 'entered-in-error';
}

/** What it says, without what every resource has. */
export function contentOf(resource: FhirResource): Record<string, unknown> {
  const { resourceType: _type, id: _id, meta: _meta, text: _text, ...content } = resource;
  return content;
}

/** What an Observation observes. */
export function codeOf(resource: FhirResource): string {
  const { coding, text } = (resource['code'] ?? {}) as { coding?: { code?: string }[]; text?: string };
  return coding?.[0]?.code ?? text ?? '';
}
