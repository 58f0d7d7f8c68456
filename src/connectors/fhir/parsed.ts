import { readJson } from '../../json/json.js';

/** A body that may be JSON: its numbers keep their digits. */
export function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** Whether it is a FHIR resource of any type, such as a proxy's page is not. */
export function isResource(body: unknown): boolean {
  return typeof body === 'object' && body !== null && typeof (body as Record<string, unknown>)['resourceType'] === 'string';
}
