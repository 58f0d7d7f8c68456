import type { RE2JS } from 're2js';
import { compileRe2 } from '../../errors/pattern.js';
import { spend, type Run } from './run.js';

/** Characters to look through, times the instructions each may meet, that count as a step. */
const WORK_A_STEP = 1024;

const compiled = new WeakMap<RegExp, RE2JS>();

/** What JSONata uses of a regular expression. */
interface Engine {
  lastIndex: number;
  exec(text: string): ExecArray | null;
}

type ExecArray = (string | undefined)[] & { index: number };

/** A class to make JSONata's regular expressions of, which are RE2 and so never hang; what they look through counts towards the run. */
export function regexEngine(run: Run | undefined): new (written: RegExp) => Engine {
  return class implements Engine {
    /** As of a global `RegExp`: where the next search begins. */
    lastIndex = 0;
    private readonly pattern: RE2JS;

    constructor(written: RegExp) {
      this.pattern = patternOf(written);
    }

    exec(text: string): ExecArray | null {
      const from = this.lastIndex;
      this.lastIndex = 0;
      if (from > text.length) return null;
      if (run) spend(run, 1 + Math.floor(((text.length - from) * this.pattern.programSize()) / WORK_A_STEP));
      const matcher = this.pattern.matcher(text);
      if (!matcher.find(from)) return null;
      this.lastIndex = matcher.end();
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
      return Object.assign(groups, { index: matcher.start() });
    }
  };
}

/** Why a regular expression cannot be used, or undefined where it can. */
export function regexProblem(written: RegExp): string | undefined {
  const pattern = compileRe2(written.source, written.flags);
  return 'problem' in pattern ? pattern.problem : undefined;
}

/** @throws Error for one that is no RE2: the definition check refuses it before. */
function patternOf(written: RegExp): RE2JS {
  const known = compiled.get(written);
  if (known) return known;
  const pattern = compileRe2(written.source, written.flags);
  if ('problem' in pattern) throw new Error(`The regular expression is not RE2: ${pattern.problem}`);
  compiled.set(written, pattern);
  return pattern;
}
