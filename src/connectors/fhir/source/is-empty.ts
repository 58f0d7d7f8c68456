import type { Context } from '../../connector.js';
import type { FhirReader } from './fhir-reader.js';
import { ALL } from './search-path.js';

/** Whether the server has nothing at all of what is read. @throws SystemFailure, Cancelled */
export async function isEmpty(reader: FhirReader, c: Context): Promise<boolean> {
  const page = await reader.page(reader.path.window(ALL, { count: 1, sorted: true, thin: true }), c);
  return typeof page !== 'string' && page.rows.length === 0 && (page.total ?? 0) === 0;
}
