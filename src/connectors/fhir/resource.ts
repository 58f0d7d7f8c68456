import { z } from 'zod';
import { ADOPTED_TAG, ORIGIN_TAG } from './identity.js';

const tag = z.looseObject({ system: z.string().optional(), code: z.string().optional() });

/** A stored resource, as far as the engine looks into it. */
export const storedResource = z.looseObject({
  resourceType: z.string(),
  id: z.string(),
  meta: z.looseObject({ versionId: z.string().optional(), tag: z.array(tag).optional() }).optional(),
  identifier: z
    .union([z.array(z.looseObject({ system: z.string().optional(), value: z.string().optional() })), z.looseObject({})])
    .optional(),
});

export type StoredResource = z.infer<typeof storedResource>;

/** The origin a resource was written for by Sangam, or undefined. */
export function originOf(resource: StoredResource): string | undefined {
  return resource.meta?.tag?.find(({ system }) => system === ORIGIN_TAG)?.code;
}

export function isAdopted(resource: StoredResource): boolean {
  return resource.meta?.tag?.some(({ system }) => system === ADOPTED_TAG) ?? false;
}

export function hasIdentifier(resource: StoredResource, system: string | undefined, value: string): boolean {
  return (
    Array.isArray(resource.identifier) &&
    resource.identifier.some((each) => each.value === value && (system === undefined || each.system === system))
  );
}

/** `Type/id`. */
export function referenceTo({ resourceType, id }: { resourceType: string; id: string }): string {
  return `${resourceType}/${id}`;
}
