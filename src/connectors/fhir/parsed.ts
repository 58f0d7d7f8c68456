/** A body that may be JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it is a FHIR resource of any type, such as a proxy's page is not. */
export function isResource(body: unknown): boolean {
  return typeof body === 'object' && body !== null && typeof (body as Record<string, unknown>)['resourceType'] === 'string';
}
