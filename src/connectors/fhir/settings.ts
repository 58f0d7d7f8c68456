import { z } from 'zod';
import { isResourceType, resourceTypes } from './r4/structures.js';
import { headerText } from '../header-text.js';

export const text = z.string().min(1, 'must not be empty');

/** HTTP's basic sign-in ends the name at its first colon. */
const userName = text.regex(/^[^:]*$/, 'must have no ":"');

const whole = (most: number) => z.int().min(1, `must be 1 to ${most}`).max(most, `must be 1 to ${most}`);

const tokenUrl = text.optional().meta({ description: 'Where tokens are given; where absent, as .well-known/smart-configuration says' });

/**
 * A client of OAuth2, known by a secret (client credentials) or by its private key (SMART backend
 * services).
 */
const bySecret = z.strictObject({ clientId: text, clientSecret: text, tokenUrl, scope: text.optional() });
const byKey = z.strictObject({
  clientId: text,
  privateKey: text.meta({ description: 'PKCS #8 as PEM, or a JWK: RSA for RS384, or EC of P-384 for ES384' }),
  keyId: text.optional().meta({ description: 'The “kid” under which the server knows the public key' }),
  tokenUrl,
  scope: text.default('system/*.read system/*.write'),
});

const fhirAuth = z.union([z.strictObject({ token: headerText }), z.strictObject({ username: userName, password: text }), bySecret, byKey]);

export type FhirAuth = z.infer<typeof fhirAuth>;

/** What a client of OAuth2 signs in with. */
export type OAuthClient = z.infer<typeof bySecret> | z.infer<typeof byKey>;

export const fhirSystemSettings = z.strictObject({
  url: text.meta({ description: 'Base address of the FHIR server', examples: ['${FHIR_URL}'] }),
  auth: fhirAuth.optional().meta({ description: 'How Sangam signs in, where it must; secrets as ${VARIABLES}' }),
  aliases: z
    .array(z.url({ protocol: /^https?$/, error: 'must be addresses such as http://hapi:8080/fhir' }))
    .optional()
    .meta({ description: 'Other base addresses by which the server calls itself in its links, as one behind a proxy does' }),
  bundle: whole(1000).default(100).meta({ description: 'Entries of a transaction; 1 writes each resource by a request of its own' }),
  ids: z
    .enum(['client', 'server'])
    .optional()
    .meta({ description: 'Who chooses the ids of new resources: Sangam, by PUT, or the server, by conditional create; default client' }),
  concurrency: whole(64)
    .optional()
    .meta({ description: 'Requests under way at once, of whatever kind; where absent 16, of which 8 single writes or 2 bundles' }),
});

export type FhirSystemSettings = z.infer<typeof fhirSystemSettings>;

export const resourceType = text.superRefine((given, found) => {
  if (!isResourceType(given))
    found.addIssue({
      code: 'custom',
      message: `names "${given}", which is no resource type of FHIR R4`,
      params: { given, known: resourceTypes() },
    });
});

/** A code, or system|code. */
export const token = text.max(500).regex(/^[^,]*$/, 'must be one code, or system|code');

export const fhirDestinationSettings = z
  .strictObject({
    resource: resourceType.optional().meta({ description: 'The type of FHIR R4 that is written', examples: ['Patient'] }),
    resources: z
      .array(resourceType)
      .min(1, 'must have at least one type')
      .optional()
      .meta({ description: 'The types that are written, where there are several', examples: [['Encounter', 'Observation']] }),
    category: token
      .optional()
      .meta({ description: 'The part of the type that is written: each resource has this category', examples: ['vital-signs'] }),
    code: token.optional().meta({ description: 'The part of the type that is written: each resource has this code' }),
    tag: token.optional().meta({ description: 'The part of the type that is written: each resource has this tag in meta' }),
    serverAdds: z
      .array(text)
      .optional()
      .meta({ description: 'Paths that the server adds by itself, such as Patient.managingOrganization: they are not compared' }),
    mark: z
      .record(text, z.record(text, z.unknown()))
      .optional()
      .meta({ description: 'Type: what marks a resource of it as no longer valid' }),
  })
  .refine(({ resource, resources }) => (resource !== undefined) !== (resources !== undefined), {
    message: 'must have either "resource", one type, or "resources", a list of types',
  });

export type FhirDestinationSettings = z.infer<typeof fhirDestinationSettings>;

export function typesOf(settings: FhirDestinationSettings): string[] {
  return settings.resources ?? (settings.resource !== undefined ? [settings.resource] : []);
}
