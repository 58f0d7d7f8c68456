import type { Meta } from './resource.js';

const LISTS = ['tag', 'security', 'profile'] as const;

/**
 * What is stored of `meta` after a PUT on a server that merges: what was there, and what came with
 * it.
 */
export function mergedMeta(stored: Meta | undefined, given: Meta | undefined): Meta {
  const lists = LISTS.map((name) => {
    const old: unknown[] = stored?.[name] ?? [];
    const there = new Set(old.map(nameOf));
    return [name, [...old, ...(given?.[name] ?? []).filter((each) => !there.has(nameOf(each)))]] as const;
  });
  return { ...given, ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)) };
}

/** What `$meta-delete` leaves of `meta`. */
export function metaWithout(stored: Meta | undefined, gone: Meta): Meta {
  const lists = LISTS.map((name) => {
    const away = new Set((gone[name] ?? []).map(nameOf));
    return [name, (stored?.[name] ?? []).filter((each) => !away.has(nameOf(each)))] as const;
  });
  const { tag: _tag, security: _security, profile: _profile, ...rest } = stored ?? {};
  return { ...rest, ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)) };
}

/** A coding counts by its system and code. */
function nameOf(entry: unknown): string {
  const { system = '', code = '' } = entry as { system?: string; code?: string };
  return typeof entry === 'string' ? entry : `${system}|${code}`;
}
