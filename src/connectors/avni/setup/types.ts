import { z } from 'zod';
import type { Context } from '../../connector.js';
import type { AvniSession } from '../session.js';
import { askMetadata, type Missing } from './metadata-answer.js';

/** A type of subject. */
export interface SubjectType {
  name: string;
  uuid?: string | null | undefined;
  isPerson: boolean;
  mayLackAddress: boolean;
  /** Whether it has such a name, or a picture: what it has not is dropped without a word. */
  hasMiddleName: boolean;
  hasPicture: boolean;
  /** Types of location where one may be registered; absent where the server does not tell. */
  registeredAt?: ReadonlySet<string>;
}

/** The types that an organisation has set up. */
/** A form that records of a type are filled into. */
interface FormOf {
  formUUID: string;
  formType: string;
  /** Of the type of subject, program or encounter. */
  typeUuids: string[];
}

export interface Types {
  forms: FormOf[];
  subjectTypes: SubjectType[];
  programs: { name: string; uuid?: string | null | undefined }[];
  encounterTypes: { name: string; uuid?: string | null | undefined }[];
  taskTypes: { name: string }[];
}

const named = z.object({ name: z.string(), uuid: z.string().nullish(), voided: z.boolean().nullish() });
const uuid = z.string().nullish();
const formMapping = z.object({
  formUUID: z.string(),
  formType: z.string(),
  isVoided: z.boolean().nullish(),
  subjectTypeUUID: uuid,
  programUUID: uuid,
  encounterTypeUUID: uuid,
});
const subjectType = named.extend({
  type: z.string().nullish(),
  allowEmptyLocation: z.boolean().nullish(),
  allowMiddleName: z.boolean().nullish(),
  allowProfilePicture: z.boolean().nullish(),
});
const levels = z.array(z.object({ name: z.string() })).catch([]);
const modules = z.object({
  subjectTypes: z.array(z.unknown()),
  programs: z.array(z.unknown()),
  encounterTypes: z.array(z.unknown()),
  taskTypes: z.array(z.unknown()).catch([]),
  formMappings: z.array(z.unknown()).catch([]),
  addressLevelTypes: levels,
  customRegistrationLocations: z.array(z.object({ subjectTypeUUID: z.string(), addressLevels: levels })).catch([]),
});

/** @throws SystemFailure, Cancelled */
export async function askTypes(session: AvniSession, c: Context): Promise<Types | Missing> {
  const found = await askMetadata(session, '/web/operationalModules', {}, modules, c);
  if (typeof found === 'string') return found;
  const names = (list: unknown[]): { name: string; uuid?: string | null | undefined }[] =>
    list.flatMap((each) => valid(named.safeParse(each).data));
  const subjectTypes = found.subjectTypes.flatMap((each) => {
    const read = valid(subjectType.safeParse(each).data);
    return read.map(({ name, uuid, type, allowEmptyLocation, allowMiddleName, allowProfilePicture }) => {
      const own = found.customRegistrationLocations.find(({ subjectTypeUUID }) => subjectTypeUUID === uuid)?.addressLevels ?? [];
      const allowed = own.length > 0 ? own : found.addressLevelTypes;
      return {
        name,
        uuid,
        isPerson: type === 'Person',
        mayLackAddress: allowEmptyLocation === true,
        hasMiddleName: allowMiddleName === true,
        hasPicture: allowProfilePicture === true,
        ...(allowed.length > 0 ? { registeredAt: new Set(allowed.map((level) => level.name)) } : {}),
      };
    });
  });
  const forms = found.formMappings.flatMap((each): FormOf[] => {
    const { data } = formMapping.safeParse(each);
    if (!data || data.isVoided === true) return [];
    const { formUUID, formType, subjectTypeUUID, programUUID, encounterTypeUUID } = data;
    return [{ formUUID, formType, typeUuids: [subjectTypeUUID, programUUID, encounterTypeUUID].flatMap((one) => one ?? []) }];
  });
  return {
    forms,
    subjectTypes,
    programs: names(found.programs),
    encounterTypes: names(found.encounterTypes),
    taskTypes: names(found.taskTypes),
  };
}

function valid<T extends { voided?: boolean | null | undefined }>(read: T | undefined): T[] {
  return read && read.voided !== true ? [read] : [];
}
