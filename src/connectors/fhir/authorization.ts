import type { Context } from '../connector.js';

/** What one request is authorised by. */
export interface SignedIn {
  header: Record<string, string>;
  secrets: string[];
}

/** How requests to one server are authorised. */
export interface Authorization {
  /** @throws SystemFailure where the sign-in fails, Cancelled */
  signIn(c: Context): Promise<SignedIn>;
  /** It was refused (401). @returns whether signing in again may give another one */
  renew(used: SignedIn): boolean;
}
