import { schemaOf } from './r4/structures.js';
import type { RecordError } from '../../errors/record-error.js';
import { getOwn } from '../../model/keyed.js';
import type { RecordClass } from '../connector.js';

/** Which part of a type is read or written: a code, or system|code, each. */
export interface Part {
  category?: string | undefined;
  code?: string | undefined;
  tag?: string | undefined;
}

const KINDS = ['category', 'code', 'tag'] as const;

/**
 * A type with what tells its resources from others: a category, else a code, else a tag. The code
 * alone counts, since one may be named with its system or without.
 */
export function classOf(type: string, part: Part): RecordClass {
  const by = KINDS.find((kind) => part[kind] !== undefined);
  return by === undefined ? { type } : { type, by, discriminator: codeOf(part[by] ?? '') };
}

/** Those of a part that a type cannot be told by. */
export function notTold(type: string, { category, code }: Part): string[] {
  return Object.entries({ category, code }).flatMap(([name, value]) =>
    value !== undefined && !Object.hasOwn(schemaOf(type)?.elements ?? {}, name) ? [name] : [],
  );
}

/** The error of what is mapped to a resource that is not of the part which its entity type owns. */
export function outsideItsPart(body: object, part: Part): RecordError | undefined {
  const kind = KINDS.find((each) => part[each] !== undefined && !codingsAt(body, each).some((coding) => isOf(coding, part[each] ?? '')));
  if (kind === undefined) return undefined;
  const type = String(getOwn(body as Record<string, unknown>, 'resourceType'));
  const path = `${type}.${kind === 'tag' ? 'meta.tag' : kind}`;
  return {
    code: 'OutsideItsPart',
    message: `The mapped ${type} has not the ${kind} ${part[kind]}: it would be outside of the part that its entity type owns.`,
    remedy: `Let the mapping give it that ${kind}, or correct “to”.`,
    path,
  };
}

interface Coding {
  system?: unknown;
  code?: unknown;
}

/** Of one concept, or of a list of them. */
function codingsAt(body: object, kind: (typeof KINDS)[number]): Coding[] {
  const resource = body as Record<string, unknown>;
  if (kind === 'tag') return listOf(getOwn(resource['meta'] as Record<string, unknown> | undefined, 'tag')) as Coding[];
  return listOf(getOwn(resource, kind)).flatMap((concept) => listOf(getOwn(concept as Record<string, unknown>, 'coding')) as Coding[]);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** As a search by token takes it: `code` of any system, `system|code`, `|code` of none. */
function isOf({ system, code }: Coding, token: string): boolean {
  const at = token.indexOf('|');
  if (at === -1) return code === token;
  return code === token.slice(at + 1) && (system ?? '') === token.slice(0, at);
}

function codeOf(token: string): string {
  return token.slice(token.indexOf('|') + 1);
}
