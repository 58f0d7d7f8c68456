import type { ErrorType } from '../errors/error-type.js';
import type { ErrorsDefinition } from './definition.js';
import type { Draft } from './draft.js';
import { cadenceOf } from './parts/cadence.js';
import { durationOf } from './parts/duration.js';
import { shareOf } from './parts/share.js';
import type { ErrorsInput } from './schema/errors.js';

/** The error types of a file in which nothing is wrong, in its order. */
export function buildErrorTypes(draft: Draft): ErrorType[] {
  return [...draft.errorTypes].flatMap(([name, input]) => {
    if (!input) return [];
    const { equals, contains, matches, status, code, keep, then, remedy } = input;
    return [
      {
        name,
        ...(equals !== undefined ? { equals } : {}),
        ...(contains !== undefined ? { contains } : {}),
        ...(matches !== undefined ? { matches } : {}),
        ...(status !== undefined ? { status } : {}),
        ...(code !== undefined ? { code } : {}),
        keep: keep ?? [],
        then,
        remedy: remedy.trim(),
      },
    ];
  });
}

/** `errors:` of a process, with its defaults. */
export function buildErrors(input: ErrorsInput | undefined): ErrorsDefinition {
  const { consecutive = 25, share = '50 %', open = 5_000 } = input?.stopAfter ?? {};
  return {
    cadence: cadenceOf(input ?? {}, { every: '30 minutes' }),
    attempts: input?.attempts ?? 20,
    backOff: backOffOf(input?.backOff),
    unclassified: input?.unclassified ?? 'retry',
    stopAfter: { consecutive, share: shareOf(share), open },
  };
}

/** The one that is not given never contradicts the one that is. */
function backOffOf(input: ErrorsInput['backOff']): ErrorsDefinition['backOff'] {
  const given = typeof input === 'string' ? { first: input } : input;
  const longest = durationOf(given?.longest ?? '1 day');
  const first = given?.first !== undefined ? durationOf(given.first) : Math.min(60_000, longest);
  return { first, longest: Math.max(first, longest) };
}
