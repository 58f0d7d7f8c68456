import { didYouMean } from '../source/suggest.js';
import type { Report } from '../source/report.js';
import type { Path } from '../source/yaml-source.js';
import { getOwn } from '../../model/keyed.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expanded {
  value: unknown;
  /** Whether every variable in it was there. */
  complete: boolean;
  /** Puts `${NAME}` in the place of what it stands for. */
  scrub: (message: string) => string;
}

const reference = /\$\{([^}]*)\}?/g;
const form = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Replaces `${VARIABLE}` in every text of a value; a variable that is not set, or is empty, is a problem that names it. */
export function expandVariables(value: unknown, env: Environment, at: Path, report: Report): Expanded {
  const used = new Map<string, string>();
  let complete = true;
  const expandText = (text: string, path: Path): string =>
    text.replace(reference, (whole, name: string) => {
      const found = Object.hasOwn(env, name) ? getOwn(env, name) : undefined;
      if (form.test(name) && whole.endsWith('}') && found !== undefined && found !== '') {
        used.set(name, found);
        return found;
      }
      complete = false;
      reportMissing(whole, name, path);
      return whole;
    });
  const reportMissing = (whole: string, name: string, path: Path): void => {
    if (!form.test(name) || !whole.endsWith('}'))
      report.add('BadVariable', path, 'A "${" is not followed by the name of a variable and "}".', { allowed: 'e.g. ${AVNI_URL}' });
    else if (Object.hasOwn(env, name) && getOwn(env, name) === '')
      report.add('MissingVariable', path, `The variable ${name} is set, but empty.`);
    else report.add('MissingVariable', path, `The variable ${name} is not set in the environment.${didYouMean(name, Object.keys(env))}`);
  };
  const expand = (each: unknown, path: Path): unknown => {
    if (typeof each === 'string') return expandText(each, path);
    if (Array.isArray(each)) return each.map((item, index) => expand(item, [...path, index]));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, expand(inner, [...path, key])]));
  };
  return { value: expand(value, at), complete, scrub: (message) => scrubbed(message, used) };
}

function scrubbed(message: string, used: ReadonlyMap<string, string>): string {
  const longestFirst = [...used].sort(([, a], [, b]) => b.length - a.length);
  return longestFirst.reduce((text, [name, value]) => text.replaceAll(value, `\${${name}}`), message);
}
