import { z } from 'zod';

const text = z.string();
const maybe = text.nullish();
const voided = z.boolean().nullish();
const named = z.object({ name: text, uuid: text, voided });
const keyValues = z
  .array(z.object({ key: text, value: z.unknown() }))
  .nullish()
  .transform((given) => given ?? []);

/** A concept: in concepts.json, and within the elements of a form. */
export const bundleConcept = z.object({
  name: text,
  uuid: maybe,
  dataType: maybe,
  voided,
  lowAbsolute: z.number().nullish(),
  highAbsolute: z.number().nullish(),
  unit: maybe,
  answers: z.array(z.object({ name: text, voided })).nullish(),
  keyValues: keyValues.catch([]),
});

export type BundleConcept = z.infer<typeof bundleConcept>;

const element = z.object({
  uuid: maybe,
  voided,
  type: maybe,
  mandatory: z.boolean().nullish(),
  parentFormElementUuid: maybe,
  concept: bundleConcept,
  keyValues: keyValues.catch([]),
});

export type BundleElement = z.infer<typeof element>;

/** A form as `forms/*.json` has it, and as the server exports it. */
export const bundleForm = z.object({
  name: maybe,
  uuid: maybe,
  formElementGroups: z.array(z.object({ voided, formElements: z.array(element) })),
});

export type BundleForm = z.infer<typeof bundleForm>;

const formMapping = z.object({
  formUUID: text,
  formType: text,
  subjectTypeUUID: maybe,
  programUUID: maybe,
  encounterTypeUUID: maybe,
  isVoided: voided,
  voided,
});

const location = z.object({
  uuid: text,
  name: text,
  type: maybe,
  addressLevelTypeUUID: maybe,
  parents: z.array(z.object({ uuid: text })).nullish(),
  voided,
});

const groupRole = z.object({ role: text, groupSubjectTypeUUID: text, memberSubjectTypeUUID: text, voided });

/** Each file of a bundle that is read; others have nothing that records depend on. */
export const bundleFiles = {
  concepts: z.array(bundleConcept),
  subjectTypes: z.array(named.extend({ type: maybe, allowEmptyLocation: z.boolean().nullish() })),
  programs: z.array(named),
  encounterTypes: z.array(named),
  formMappings: z.array(formMapping),
  addressLevelTypes: z.array(named.extend({ level: z.number() })),
  locations: z.array(location),
  groupRoles: z.array(groupRole),
} as const;

/** A bundle, whole. */
export interface Bundle {
  organisation?: string;
  concepts: BundleConcept[];
  subjectTypes: (z.infer<(typeof bundleFiles)['subjectTypes']>[number] & { registeredAt?: string[] })[];
  programs: z.infer<typeof named>[];
  encounterTypes: z.infer<typeof named>[];
  groupRoles?: z.infer<typeof groupRole>[];
  taskTypes?: z.infer<typeof named>[];
  genders?: string[];
  formMappings: z.infer<typeof formMapping>[];
  addressLevelTypes: z.infer<(typeof bundleFiles)['addressLevelTypes']>;
  locations: z.infer<typeof location>[];
  /** By UUID. */
  forms: ReadonlyMap<string, BundleForm>;
}
