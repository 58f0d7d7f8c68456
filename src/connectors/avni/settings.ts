import { z } from 'zod';
import { headerText } from '../header-text.js';

const text = z.string().min(1, 'must not be empty');

/**
 * How the integration's user signs in: through the server's own sign-in, with a ready token, or by
 * name where the server has no identity provider.
 */
const auth = z.union([
  z.strictObject({ username: text, password: text }),
  z.strictObject({ token: headerText }),
  z.strictObject({ userName: headerText }),
]);

export const avniSystemSettings = z.strictObject({
  url: text.meta({ description: 'Address of the Avni server', examples: ['${AVNI_URL}'] }),
  auth: auth.meta({ description: 'How the integration’s user signs in; secrets as ${VARIABLES}' }),
});

export type AvniSystemSettings = z.infer<typeof avniSystemSettings>;

const kinds = ['subject', 'enrolment', 'programEncounter', 'encounter'] as const;

/** The kinds of record that Avni takes and gives. */
export type AvniKind = (typeof kinds)[number];

/** All that can be read; what users do not fill in is not written. */
const sourceKinds = [...kinds, 'location'] as const;
export type SourceKind = (typeof sourceKinds)[number];

export const avniSourceSettings = z
  .strictObject({
    subject: text.optional().meta({ description: 'Subjects of this type' }),
    enrolment: text.optional().meta({ description: 'Enrolments in this program' }),
    programEncounter: text.optional().meta({ description: 'Encounters of this type, within a program' }),
    encounter: text.optional().meta({ description: 'Encounters of this type, outside of any program' }),
    location: text.optional().meta({ description: 'Locations of this type, such as District or Village' }),
    approval: z.boolean().optional().meta({ description: 'Whether a record comes with its approval status; default false' }),
    members: z.boolean().optional().meta({ description: 'Whether a group, such as a household, comes with its members; default false' }),
    memberships: z.boolean().optional().meta({ description: 'Whether a subject comes with its places in groups; default false' }),
  })
  .refine((settings) => sourceKinds.filter((kind) => settings[kind] !== undefined).length === 1, {
    message: `must name exactly one of ${sourceKinds.join(', ')}, with the exact name of its type`,
  })
  .superRefine((settings, { addIssue }) => {
    for (const name of ['members', 'memberships'] as const)
      if (settings[name] !== undefined && settings.subject === undefined)
        addIssue({ code: 'custom', path: [name], message: 'must be given for subjects alone' });
    if (settings.approval !== undefined && settings.location !== undefined)
      addIssue({ code: 'custom', path: ['approval'], message: 'cannot be given for locations: Avni does not have them approved' });
  });

/** What is read: a kind of record, the exact name of its type, and what each comes with. */
export interface AvniRead {
  kind: SourceKind;
  type: string;
  approval: boolean;
  members: boolean;
  memberships: boolean;
}

/** What a source's settings say is read. */
export function kindOf(settings: unknown): AvniRead {
  const { approval = false, members = false, memberships = false, ...parsed } = avniSourceSettings.parse(settings);
  const kind = sourceKinds.find((each) => parsed[each] !== undefined) ?? 'subject';
  return { kind, type: parsed[kind] ?? '', approval, members, memberships };
}
