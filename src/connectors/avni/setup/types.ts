import { z } from 'zod';
import type { Context } from '../../connector.js';
import type { AvniSession } from '../session.js';
import { askMetadata, type Missing } from './metadata-answer.js';

/** A type of subject. */
export interface SubjectType {
  name: string;
  isPerson: boolean;
  mayLackAddress: boolean;
  /** Whether it has such a name, or a picture: what it has not is dropped without a word. */
  hasMiddleName: boolean;
  hasPicture: boolean;
  /** Types of location where one may be registered; absent where the server does not tell. */
  registeredAt?: ReadonlySet<string>;
}

/** The types that an organisation has set up. */
export interface Types {
  subjectTypes: SubjectType[];
  programs: { name: string }[];
  encounterTypes: { name: string }[];
  taskTypes: { name: string }[];
}

const named = z.object({ name: z.string(), voided: z.boolean().nullish() });
const subjectType = named.extend({
  uuid: z.string().nullish(),
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
  addressLevelTypes: levels,
  customRegistrationLocations: z.array(z.object({ subjectTypeUUID: z.string(), addressLevels: levels })).catch([]),
});

/** @throws SystemFailure, Cancelled */
export async function askTypes(session: AvniSession, c: Context): Promise<Types | Missing> {
  const found = await askMetadata(session, '/web/operationalModules', {}, modules, c);
  if (typeof found === 'string') return found;
  const names = (list: unknown[]): { name: string }[] => list.flatMap((each) => valid(named.safeParse(each).data));
  const subjectTypes = found.subjectTypes.flatMap((each) => {
    const read = valid(subjectType.safeParse(each).data);
    return read.map(({ name, uuid, type, allowEmptyLocation, allowMiddleName, allowProfilePicture }) => {
      const own = found.customRegistrationLocations.find(({ subjectTypeUUID }) => subjectTypeUUID === uuid)?.addressLevels ?? [];
      const allowed = own.length > 0 ? own : found.addressLevelTypes;
      return {
        name,
        isPerson: type === 'Person',
        mayLackAddress: allowEmptyLocation === true,
        hasMiddleName: allowMiddleName === true,
        hasPicture: allowProfilePicture === true,
        ...(allowed.length > 0 ? { registeredAt: new Set(allowed.map((level) => level.name)) } : {}),
      };
    });
  });
  return { subjectTypes, programs: names(found.programs), encounterTypes: names(found.encounterTypes), taskTypes: names(found.taskTypes) };
}

function valid<T extends { voided?: boolean | null | undefined }>(read: T | undefined): T[] {
  return read && read.voided !== true ? [read] : [];
}
