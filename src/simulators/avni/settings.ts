export interface AvniUser {
  username: string;
  password?: string;
  /** Privileges that it does not have, by the name of the type. */
  lacks?: { privilege: string; type: string }[];
  /** `isAllowedToInvokeTokenGenerationAPI`. Default true. */
  mayGenerateTokens?: boolean;
  voided?: boolean;
  /** Belongs to no organisation, and so may read none. */
  superAdmin?: boolean;
}

/** How this server is set up. May be changed while it runs, also by `POST /simulator/settings`. */
export interface AvniSettings {
  /** Who there is; anyone, with any password and all privileges, where empty. */
  users: AvniUser[];
  /** `none`: `USER-NAME` names the user. `set`: a token does. `any`: either. Default `any`. */
  idp: 'any' | 'none' | 'set';
  /** Who asks where `idp` is `none` and no name is given. */
  defaultUser: string;
  idpDown: boolean;
  /**
   * Milliseconds by which `now` lies behind the clock where it is not given: 10,000 on a server of
   * profile `live`. Default 0.
   */
  margin: number;
  /** Milliseconds that a token lives; it is accepted for 240 s more. Default an hour. */
  tokenLife: number;
  /**
   * Milliseconds by which the stamp in the reply to a write is earlier than the stored one. Default
   * 0.
   */
  replyEarlier: number;
  /**
   * Milliseconds by which the Date header is ahead of the clock that stamps records; null: answers
   * have none. Default 0.
   */
  dateAhead: number | null;
  /** `AVNI_SEND_EXCEPTION_IN_RESPONSE=false`: a 500 has no body. */
  hideExceptions: boolean;
  /** NullPointerExceptions lose their text, as on a server that has run for long. */
  bareNullPointers: boolean;
  /** Its database is gone: 500 to whatever is asked of `/api`, in a body that never ends. */
  databaseDown: boolean;
  /**
   * Whether what is set up may be read, under `/web`; a deployment may forbid these addresses.
   * Default true.
   */
  metadataReadable: boolean;
}

export const usualSettings: AvniSettings = {
  users: [],
  idp: 'any',
  defaultUser: 'worker@demo',
  idpDown: false,
  margin: 0,
  tokenLife: 3_600_000,
  replyEarlier: 0,
  dateAhead: 0,
  hideExceptions: false,
  bareNullPointers: false,
  databaseDown: false,
  metadataReadable: true,
};
