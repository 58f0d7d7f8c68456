import { z } from 'zod';
import { isResourceType } from '../../fhir-r4/structures.js';

const text = z.string().min(1);

export const fhirSystemSettings = z.strictObject({
  url: text,
  auth: z.union([z.strictObject({ token: text }), z.strictObject({ username: text, password: text })]).optional(),
  /** Entries of a transaction bundle; 1 writes each resource by a request of its own. */
  bundle: z.int().min(1).max(1000).default(100),
  /** Requests under way at once, of whatever kind; where absent 16, of which 8 single writes or 2 bundles. */
  concurrency: z.int().min(1).max(64).optional(),
});

export type FhirSystemSettings = z.infer<typeof fhirSystemSettings>;

const resourceType = text.refine(isResourceType, { message: 'is no resource type of FHIR R4, such as Patient, Encounter or Observation' });

export const fhirDestinationSettings = z
  .strictObject({
    resource: resourceType.optional(),
    resources: z.array(resourceType).min(1).optional(),
    /** Paths that the server adds by itself, such as `Patient.managingOrganization`: they are not compared. */
    serverAdds: z.array(text).optional(),
    /** Type → what marks a resource as no longer valid. */
    mark: z.record(text, z.record(text, z.unknown())).optional(),
  })
  .refine(({ resource, resources }) => (resource !== undefined) !== (resources !== undefined), {
    message: 'give either resource, one type, or resources, a list of types',
  });

export type FhirDestinationSettings = z.infer<typeof fhirDestinationSettings>;

export function typesOf(settings: FhirDestinationSettings): string[] {
  return settings.resources ?? (settings.resource !== undefined ? [settings.resource] : []);
}
