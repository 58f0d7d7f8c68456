import type { SimulatedRequest } from '../server.js';
import { Refusal } from './answers.js';

const DATE_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Milliseconds, cut; without a zone it is UTC. `undefined` where it is no date-time as Joda takes
 * them.
 */
export function readInstant(text: string): number | undefined {
  if (!DATE_TIME.test(text)) return undefined;
  const cut = text.replace(/(\.\d{3})\d+/, '$1');
  const time = Date.parse(/T/.test(cut) && !/(Z|[+-]\d{2}:?\d{2})$/.test(cut) ? `${cut}Z` : cut);
  return Number.isNaN(time) ? undefined : time;
}

/** `undefined` where it is not given. @throws Refusal 400 */
export function instantOf(request: SimulatedRequest, name: string): number | undefined {
  const text = request.query.get(name);
  // The text `null` counts as nothing for `now`.
  if (text === null || (name === 'now' && text === 'null')) return undefined;
  const time = readInstant(text);
  if (time === undefined) throw new Refusal({ status: 400, detail: `Failed to convert '${name}' with value: '${text}'` });
  return time;
}

/** Nonsense is not an error: then it is page 0 of 20; more than 1,000 are cut silently. */
export function pageOf({ query }: SimulatedRequest): { page: number; size: number } {
  return { page: natural(query.get('page')) ?? 0, size: Math.min(natural(query.get('size')) || 20, 1000) };
}

function natural(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** @throws Refusal 500 for what is no number */
export function versionOf({ query }: SimulatedRequest): number {
  const text = query.get('version') ?? '1';
  if (/^[+-]?\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal({ status: 500, exception: 'java.lang.NumberFormatException', message: `For input string: "${text}"` });
}

/** @throws Refusal 500 for a property that records do not have */
export function orderOf({ query }: SimulatedRequest): 'server' | 'reverse' | undefined {
  const sort = query.get('sort');
  if (sort === null) return undefined;
  const [property = '', direction = 'asc'] = sort.split(',');
  if (property !== 'lastModifiedDateTime')
    throw new Refusal({
      status: 500,
      exception: 'org.springframework.data.mapping.PropertyReferenceException',
      message: `No property '${property}' found`,
    });
  return direction.toLowerCase() === 'desc' ? 'reverse' : 'server';
}
