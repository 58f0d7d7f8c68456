import { didYouMean } from '../source/suggest.js';
import type { Report } from '../source/report.js';
import type { Path } from '../source/path.js';
import { environmentValue, type Environment } from './environment.js';
import { variableRules } from './variable-rules.js';

export interface Expanded {
  value: unknown;
  /** Whether every variable in it was there, and fit to be used. */
  complete: boolean;
  /** Puts `${NAME}` in the place of what it stands for. */
  scrub: (message: string) => string;
  /**
   * Names the variables that a text is made of, e.g. ` (from the variable API_TOKEN)`; nothing
   * where there are none.
   */
  from: (path: Path) => string;
}

/** Whose definition it is, and what its variables may stand for. */
export interface Variables {
  integration: string;
  env: Environment;
}

const reference = /\$\{([^}]*)\}?/g;
const form = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replaces `${VARIABLE}` in every text of a value; a variable that may not be used, is not there or
 * is not fit is a problem that names it.
 */
export function expandVariables(value: unknown, variables: Variables, at: Path, report: Report): Expanded {
  const used = new Map<string, string>();
  const names = new Map<string, string[]>();
  let complete = true;
  const expandText = (text: string, path: Path): string =>
    text.replace(reference, (whole, name: string) => {
      const found = valueOf(whole, name, path);
      if (found === undefined) {
        complete = false;
        return whole;
      }
      used.set(name, found);
      names.set(path.join('.'), [...(names.get(path.join('.')) ?? []), name]);
      return found;
    });
  const valueOf = (whole: string, name: string, path: Path): string | undefined => {
    if (!form.test(name) || !whole.endsWith('}')) {
      report.add('BadVariable', path, 'A "${" is not followed by the name of a variable and "}".', { allowed: 'e.g. ${SERVER_URL}' });
      return undefined;
    }
    const rules = variableRules(variables.env['SANGAM_VARIABLES']);
    const meant = didYouMean(name, rules.named(variables.integration));
    if (!rules.allows(variables.integration, name)) {
      const message = `The variable ${name} is not one that SANGAM_VARIABLES lets the integration ${variables.integration} use.${meant}`;
      report.add('VariableNotAllowed', path, message);
      return undefined;
    }
    const read = environmentValue(variables.env, name, { spaces: path.at(-1) === 'password', lines: path.at(-1) === 'privateKey' });
    if ('value' in read) return read.value;
    report.add(read.problem, path, `${read.message}${read.problem === 'MissingVariable' ? meant : ''}`);
    return undefined;
  };
  const expand = (each: unknown, path: Path): unknown => {
    if (typeof each === 'string') return expandText(each, path);
    if (Array.isArray(each)) return each.map((item, index) => expand(item, [...path, index]));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, expand(inner, [...path, key])]));
  };
  return {
    value: expand(value, at),
    complete,
    scrub: (message) => scrubbed(message, used),
    from: (path) => inWords(names.get(path.join('.')) ?? []),
  };
}

function inWords(names: string[]): string {
  if (names.length === 0) return '';
  return ` (from the variable${names.length > 1 ? 's' : ''} ${names.join(' and ')})`;
}

function scrubbed(message: string, used: ReadonlyMap<string, string>): string {
  const longestFirst = [...used].sort(([, a], [, b]) => b.length - a.length);
  return longestFirst.reduce((text, [name, value]) => text.replaceAll(value, `\${${name}}`), message);
}
