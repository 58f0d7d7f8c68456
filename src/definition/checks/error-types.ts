import { compilePattern } from '../../errors/pattern.js';
import type { Draft } from '../draft.js';
import type { ErrorTypeInput } from '../schema/error-type.js';
import type { Report } from '../source/report.js';
import { didYouMean, listed } from '../source/suggest.js';
import type { Path } from '../source/path.js';

/** Names the engine gives itself. */
const reserved = ['Unclassified', 'TooManyErrors'];

/** Expressions compile, and what is kept are groups of theirs. */
export function checkErrorTypes(draft: Draft, report: Report): void {
  for (const [name, input] of draft.errorTypes) {
    const at: Path = ['errorTypes', name];
    if (reserved.includes(name))
      report.add('DuplicateName', at, `The name ${name} is the engine’s own for what no error type says; choose another.`, { of: 'key' });
    if (input) checkPattern(input, at, report);
  }
}

function checkPattern({ matches, keep = [] }: ErrorTypeInput, at: Path, report: Report): void {
  const pattern = matches === undefined ? undefined : compilePattern(matches);
  if (pattern && 'problem' in pattern)
    return report.add('BadPattern', [...at, 'matches'], `"matches" is not an RE2 expression that can be used: ${pattern.problem}.`);
  const groups = pattern?.groups ?? [];
  keep.forEach((group, index) => {
    if (Object.hasOwn(Object.prototype, group))
      return report.add('UnknownGroup', [...at, 'keep', index], `"${group}" is a name that JavaScript itself uses; choose another.`);
    if (groups.includes(group)) return;
    const message = pattern
      ? `"matches" has no group named "${group}".${didYouMean(group, groups)}`
      : '"keep" names groups of "matches", which is missing.';
    report.add('UnknownGroup', [...at, 'keep', index], message, { allowed: listed(groups) || 'e.g. matches: "(?<address>.*)"' });
  });
}
