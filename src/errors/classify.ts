import type { ErrorsDefinition } from '../definition/definition.js';
import { builtInErrorTypes } from './built-in.js';
import type { ClassifiedError } from '../model/classified-error.js';
import type { Classify, ErrorType } from './error-type.js';
import { compilePattern, type Pattern } from './pattern.js';
import type { RecordError } from './record-error.js';
import { getOwn } from '../model/keyed.js';
import { withoutUnseen } from '../model/unseen.js';

/**
 * Characters of an error's text that are looked at: what a system has to say stands at its
 * beginning.
 */
const LOOKED_AT = 16_384;

/** Characters of a part that is kept, and of a path. */
const KEPT = 200;

/** Characters of a message or a remedy: Temporal takes no endless ones, and nobody reads them. */
const LONGEST_TEXT = 2_000;

/** What a type finds in an error: the parts that are kept, or undefined where it does not match. */
type Match = (error: RecordError, text: Text) => Record<string, string> | undefined;

interface Text {
  written: string;
  lower: string;
}

/**
 * Puts failures under these types and then the engine's own: the first one that matches wins; what
 * none matches is `Unclassified`. Of an error's text (`detail`, else `message`) nothing is given on
 * but what a type keeps.
 *
 * @throws Error for a `matches` that is no RE2: the definition check refuses it before.
 */
export function classifier(types: readonly ErrorType[], unclassified: ErrorsDefinition['unclassified']): Classify {
  const given = types.map((type) => ({ type, match: matchOf(type) }));
  const own = builtInErrorTypes.map((type) => ({ type, match: matchOf(type) }));
  return (error) => {
    const written = (error.detail || error.message).slice(0, LOOKED_AT);
    const text = { written, lower: written.toLowerCase() };
    for (const { type, match } of given) {
      const kept = match(error, text);
      if (kept) return classified(error, type.name, type.then, type.remedy, kept);
    }
    // The engine's own errors say their remedy more closely than their type can, e.g. naming the
    // code table.
    const builtIn = own.find(({ match }) => match(error, text))?.type;
    return classified(error, builtIn?.name ?? 'Unclassified', builtIn?.then ?? unclassified, error.remedy, {});
  };
}

function matchOf({ name, equals, contains, matches, status, code, keep }: ErrorType): Match {
  const [whole, part] = [equals?.trim().toLowerCase(), contains?.toLowerCase()];
  const pattern = matches === undefined ? undefined : patternOf(name, matches);
  return (error, text) => {
    if (status !== undefined && error.status !== status) return undefined;
    if (code !== undefined && error.code !== code && error.systemCode !== code) return undefined;
    // Of a system that says several things, each stands on lines of its own.
    if (whole !== undefined && ![text.lower, ...text.lower.split('\n')].some((each) => each.trim() === whole)) return undefined;
    if (part !== undefined && !text.lower.includes(part)) return undefined;
    const groups = pattern ? pattern.match(text.written) : {};
    if (!groups) return undefined;
    return Object.fromEntries(
      keep.flatMap((group) => {
        const found = getOwn(groups, group);
        return found ? [[group, harmless(found)]] : [];
      }),
    );
  };
}

function patternOf(name: string, source: string): Pattern {
  const pattern = compilePattern(source);
  if ('problem' in pattern) throw new Error(`The error type ${name} has a bad expression: ${pattern.problem}`);
  return pattern;
}

function harmless(text: string, longest = KEPT): string {
  const printable = withoutUnseen(text.slice(0, longest * 4), '');
  return [...printable].slice(0, longest).join('');
}

function classified(
  { code, message, status, path, expression }: RecordError,
  errorType: string,
  then: ClassifiedError['then'],
  remedy: string,
  kept: Record<string, string>,
): ClassifiedError {
  return {
    errorType,
    then,
    code: harmless(code),
    message: harmless(message, LONGEST_TEXT),
    remedy: harmless(remedy, LONGEST_TEXT),
    ...(status !== undefined ? { status } : {}),
    ...(path !== undefined ? { path: harmless(path) } : {}),
    ...(expression !== undefined ? { expression: harmless(expression) } : {}),
    ...(Object.keys(kept).length > 0 ? { kept } : {}),
  };
}
