import type { RE2JS } from 're2js';
import { hasOtherLineEnds, WIDTH, withEdges } from './line-edges.js';
import { re2Of, type Re2 } from './re2-of.js';
import { spend, type Run } from './run.js';

/** Characters to look through, times the instructions each may meet, that count as a step. */
const WORK_A_STEP = 1024;

const compiled = new WeakMap<RegExp, Re2>();

/** What JSONata uses of a regular expression. */
interface Engine {
  lastIndex: number;
  exec(text: string): ExecArray | null;
}

type ExecArray = (string | undefined)[] & { index: number };

/** A text as it is looked through: with the pattern for it, and how many characters stand for each. */
interface View {
  text: string;
  seen: string;
  pattern: RE2JS;
  width: number;
}

/** A class to make JSONata's regular expressions of, which are RE2 and so never hang; what they look through counts towards the run. */
export function regexEngine(run: Run | undefined): new (written: RegExp) => Engine {
  return class implements Engine {
    /** As of a global `RegExp`: where the next search begins. */
    lastIndex = 0;
    private readonly re2: Re2;
    /** The last one: all matches of a text are asked for one after the other. */
    private view: View | undefined;

    constructor(written: RegExp) {
      this.re2 = compiledOf(written);
    }

    exec(text: string): ExecArray | null {
      const from = this.lastIndex;
      this.lastIndex = 0;
      if (from > text.length) return null;
      const view = this.view?.text === text ? this.view : (this.view = viewOf(text, this.re2));
      const { seen, pattern, width } = view;
      if (run) spend(run, 1 + Math.floor(((seen.length - from * width) * pattern.programSize()) / WORK_A_STEP));
      const matcher = pattern.matcher(seen);
      let start = from * width;
      // In the middle of what stands for one character nothing but nothing is found.
      do if (!matcher.find(start)) return null;
      while (matcher.start() % width !== 0 && (start = matcher.start() - (matcher.start() % width) + width) <= seen.length);
      const at = (place: number): number => place / width;
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) =>
        matcher.start(group) < 0 ? undefined : text.slice(at(matcher.start(group)), at(matcher.end(group))),
      );
      this.lastIndex = at(matcher.end());
      return Object.assign(groups, { index: at(matcher.start()) });
    }
  };
}

function viewOf(text: string, { pattern, edged }: Re2): View {
  const plain = { text, seen: text, pattern, width: 1 };
  return edged && hasOtherLineEnds(text) ? { ...plain, seen: withEdges(text), pattern: edged, width: WIDTH } : plain;
}

/** Why a regular expression cannot be used, or undefined where it can. */
export function regexProblem(written: RegExp): string | undefined {
  const re2 = re2Of(written);
  return 'problem' in re2 ? re2.problem : undefined;
}

/** @throws Error for one that is no RE2: the definition check refuses it before. */
function compiledOf(written: RegExp): Re2 {
  const known = compiled.get(written);
  if (known) return known;
  const re2 = re2Of(written);
  if ('problem' in re2) throw new Error(`The regular expression is not RE2: ${re2.problem}`);
  compiled.set(written, re2);
  return re2;
}
