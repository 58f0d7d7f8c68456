import { isNumber, sameNumber } from '../../json/exact-number.js';
import { readJson, writeJson } from '../../json/json.js';
import { ORIGIN_TAG } from './identity.js';
import { getOwn } from '../../model/keyed.js';
import { holdsMeta, sangamTagsOf } from './meta.js';
import { sameNarrative } from './narrative.js';
import { normalText } from './normal-text.js';
import type { Meta, StoredResource } from './resource.js';

type Json = Record<string, unknown>;

/**
 * Whether what is stored is what would be sent: apart from `id`, what more a server has in `meta`,
 * a narrative that it generated where none is sent, and what `serverAdds` names; numbers by value,
 * instants by time, references relative to `base`. Nothing is copied unless `serverAdds` asks for
 * it: this is done for every record, in every pass.
 */
export function sameContent(stored: object, sent: object, base: string, serverAdds: readonly string[]): boolean {
  const [a, b] = [without(stored, serverAdds), without(sent, serverAdds)];
  const holds = holdsMeta(a['meta'] as Meta | undefined, b['meta'] as Meta | undefined, (one, other) => same(one, other, base));
  return holds && sameNarrative(a['text'], b['text']) && sameMembers(a, b, base, NOT_CONTENT);
}

/**
 * The same for a body that has not got its id, tags and key yet: whether what is stored is that
 * body, tagged with `code` alone. False says nothing: it is then dressed and compared. It saves
 * making what is not sent.
 */
export function surelySame(stored: StoredResource, body: object, code: string, base: string): boolean {
  const given = body as Json;
  if (given['meta'] !== undefined || given['text'] !== undefined) return false;
  const [origin, ...others] = sangamTagsOf(stored);
  if (origin?.code !== code || origin.system !== ORIGIN_TAG || others.length > 0) return false;
  return sameNarrative(stored['text'], undefined) && sameMembers(stored, given, base, NOT_CONTENT);
}

const NOT_CONTENT: ReadonlySet<string> = new Set(['id', 'meta', 'text']);

/** A resource without what the server adds by itself: a copy, where there is such. */
export function without(resource: object, serverAdds: readonly string[]): Json {
  if (serverAdds.length === 0) return resource as Json;
  const copy = readJson(writeJson(resource)) as Json;
  for (const path of serverAdds) remove(copy, path.split('.').slice(path.startsWith(`${String(copy['resourceType'])}.`) ? 1 : 0));
  return copy;
}

function remove(value: unknown, [first, ...rest]: string[]): void {
  if (first === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((each) => remove(each, [first, ...rest]));
  if (rest.length === 0) delete (value as Json)[first];
  else remove(getOwn(value as Json, first), rest);
}

/** Whether two values say the same: numbers by value, instants by time, references relative. */
export function same(a: unknown, b: unknown, base: string): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return normalText(a, base) === normalText(b, base);
  if (isNumber(a) || isNumber(b)) return isNumber(a) && isNumber(b) && sameNumber(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (!Array.isArray(a)) return !Array.isArray(b) && sameMembers(a as Json, b as Json, base);
  return Array.isArray(b) && a.length === b.length && a.every((each, index) => same(each, b[index], base));
}

function sameMembers(a: Json, b: Json, base: string, except?: ReadonlySet<string>): boolean {
  for (const key of Object.keys(a)) if (!except?.has(key) && !same(getOwn(a, key), getOwn(b, key), base)) return false;
  for (const key of Object.keys(b)) if (!except?.has(key) && getOwn(b, key) !== undefined && getOwn(a, key) === undefined) return false;
  return true;
}
