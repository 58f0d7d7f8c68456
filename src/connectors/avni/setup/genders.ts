import { z } from 'zod';
import type { Context } from '../../connector.js';
import type { AvniSession } from '../session.js';
import { askMetadata, type Missing } from './metadata-answer.js';

const page = z.object({
  _embedded: z.object({ gender: z.array(z.object({ name: z.string().nullish(), voided: z.boolean().nullish() })) }).optional(),
});

/**
 * The genders that an organisation has, as its phones ask for them. @throws SystemFailure,
 * Cancelled
 */
export async function askGenders(session: AvniSession, c: Context): Promise<ReadonlySet<string> | Missing> {
  const query = { lastModifiedDateTime: '1900-01-01T00:00:00.000Z', now: '2999-01-01T00:00:00.000Z', size: '100' };
  const found = await askMetadata(session, '/gender/search/lastModified', query, page, c);
  if (typeof found === 'string') return 'unreadable';
  const names = (found._embedded?.gender ?? []).flatMap(({ name, voided }) => (voided !== true && typeof name === 'string' ? [name] : []));
  return names.length > 0 ? new Set(names) : 'unreadable';
}
