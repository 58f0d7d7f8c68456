import type { z } from 'zod';
import { settle } from '../../../errors/settle.js';
import { systemCodeOf } from '../../../errors/whose-fault.js';
import type { Context } from '../../connector.js';
import { avniFailure, incidentOf } from '../failure.js';
import { jsonIn } from '../json-in.js';
import type { AvniSession } from '../session.js';

/** What an organisation has not; or what this user, or this deployment, does not let be read. */
export type Missing = 'unknown' | 'unreadable';

/**
 * Something of what an organisation has set up, asked for as its web application asks.
 *
 * @throws SystemFailure where the server as such fails, Cancelled
 */
export async function askMetadata<T>(
  session: AvniSession,
  path: string,
  query: Record<string, string>,
  schema: z.ZodType<T>,
  c: Context,
): Promise<T | Missing> {
  const { answer, verdict } = await settle(
    () => session.get(path, query, c),
    (response) => incidentOf(response, 'look up'),
    () => Promise.resolve(true),
  );
  const { status, text } = answer;
  if (status === 404) return 'unknown';
  if (status === 403 || verdict.kind === 'record') return 'unreadable';
  if (verdict.kind !== 'done') throw avniFailure(systemCodeOf(verdict), answer, 'Reading what Avni’s organisation has set up');
  return schema.safeParse(jsonIn(text)).data ?? 'unreadable';
}
