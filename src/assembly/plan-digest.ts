import { canonicalJson, sha256 } from '../definition/parts/hash.js';
import { getOwn } from '../model/keyed.js';
import type { ActiveProcess } from './active-process.js';

/** Enough to tell one plan from another, and short enough to be typed. */
const LENGTH = 16;

/**
 * What a plan stands on: the process as it is defined, and the systems that it joins. It is another
 * as soon as either is; what changes in the source meanwhile is no part of it.
 */
export function planDigest({ process, definition }: ActiveProcess): string {
  const systems = process.entityTypes.map(({ name, from, to }) => [
    name,
    getOwn(definition.systems, from.system)?.fingerprint,
    getOwn(definition.systems, to.system)?.fingerprint,
  ]);
  return sha256(canonicalJson([process.digest, systems])).slice(0, LENGTH);
}
