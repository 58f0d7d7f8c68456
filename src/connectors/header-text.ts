import { z } from 'zod';

/**
 * Text that a header of HTTP carries as it is: Latin-1, on one line, without white space around it.
 */
export const headerText = z
  .string()
  .min(1, 'must not be empty')
  .regex(/^[\x20-\x7e\xa0-\xff]*$/, 'must have only characters of Latin-1, on one line, since it is sent in a header of HTTP')
  .regex(/^(?!\s)[^]*(?<!\s)$/, 'must not begin or end with white space');
