import { isDeepStrictEqual } from 'node:util';
import { ORIGIN_TAG } from './identity.js';

type Json = Record<string, unknown>;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Whether what is stored is what would be sent: apart from `id`, `meta` but for our tag, generated narrative and what `serverAdds` names; instants by
 * time, references relative to `base`. Numbers are compared by value, as JSON has them.
 */
export function sameContent(stored: object, sent: object, base: string, serverAdds: readonly string[]): boolean {
  return isDeepStrictEqual(comparable(stored as Json, base, serverAdds), comparable(sent as Json, base, serverAdds));
}

function comparable(resource: Json, base: string, serverAdds: readonly string[]): unknown {
  const { id: _id, meta, text, ...rest } = resource;
  const copy: Json = structuredClone(rest);
  if ((text as Json | undefined)?.['status'] !== undefined && (text as Json)['status'] !== 'generated') copy['text'] = text;
  for (const path of serverAdds) remove(copy, path.split('.').slice(path.startsWith(`${String(resource['resourceType'])}.`) ? 1 : 0));
  const tags = ((meta as { tag?: { system?: string; code?: string }[] } | undefined)?.tag ?? [])
    .filter(({ system }) => system === ORIGIN_TAG)
    .map(({ code }) => code);
  return normal({ ...copy, tags }, base);
}

function remove(value: unknown, [first, ...rest]: string[]): void {
  if (first === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((each) => remove(each, [first, ...rest]));
  if (rest.length === 0) delete (value as Json)[first];
  else remove((value as Json)[first], rest);
}

function normal(value: unknown, base: string): unknown {
  if (typeof value === 'string')
    return INSTANT.test(value) ? new Date(value).toISOString() : value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
  if (Array.isArray(value)) return value.map((each) => normal(each, base));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normal(each, base)]));
}
