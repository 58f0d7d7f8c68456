import { isNumber, sameNumber } from '../../json/exact-number.js';
import { readJson, writeJson } from '../../json/json.js';
import { ORIGIN_TAG } from './identity.js';
import { getOwn } from '../../model/keyed.js';

type Json = Record<string, unknown>;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Whether what is stored is what would be sent: apart from `id`, `meta` but for our tag, generated narrative and what `serverAdds` names; instants by
 * time, references relative to `base`, numbers by value. Nothing is copied unless `serverAdds` asks for it: this
 * is done for every record, in every pass.
 */
export function sameContent(stored: object, sent: object, base: string, serverAdds: readonly string[]): boolean {
  const [a, b] = serverAdds.length === 0 ? [stored as Json, sent as Json] : [without(stored, serverAdds), without(sent, serverAdds)];
  return same(tagsOf(a), tagsOf(b), base) && same(narrativeOf(a), narrativeOf(b), base) && sameMembers(a, b, base, NOT_CONTENT);
}

/**
 * The same for a body that has not got its id, tags and key yet: whether what is stored is that body, tagged with `code` alone. False says nothing: it is then dressed and compared. It
 * saves making what is not sent.
 */
export function surelySame(stored: object, body: object, code: string, base: string): boolean {
  const [a, b] = [stored as Json, body as Json];
  const [tag, ...others] = tagsOf(a);
  if (tag !== code || others.length > 0 || b['meta'] !== undefined) return false;
  return same(narrativeOf(a), narrativeOf(b), base) && sameMembers(a, b, base, NOT_CONTENT);
}

const NOT_CONTENT: ReadonlySet<string> = new Set(['id', 'meta', 'text']);

function tagsOf({ meta }: Json): unknown[] {
  const tags = (meta as { tag?: { system?: string; code?: string }[] } | undefined)?.tag ?? [];
  return tags.filter(({ system }) => system === ORIGIN_TAG).map(({ code }) => code);
}

function narrativeOf({ text }: Json): unknown {
  const status = (text as Json | undefined)?.['status'];
  return status !== undefined && status !== 'generated' ? text : undefined;
}

function without(resource: object, serverAdds: readonly string[]): Json {
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

function same(a: unknown, b: unknown, base: string): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return normal(a, base) === normal(b, base);
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

function normal(value: string, base: string): string {
  const time = INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  return value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
}
