import type { Matcher } from 're2js';
import { hasOtherLineEnds, WIDTH, withEdges } from './line-edges.js';
import { re2Of, type Re2 } from './re2-of.js';
import { spend, stepsLeft, type Run } from './run.js';
import { WatchedText } from './watched-text.js';

/** Characters looked through, times the instructions each may meet, that count as a step. */
const WORK_A_STEP = 512;
/** Characters written anew that count as a step. */
const WRITTEN_A_STEP = 32;

const compiled = new WeakMap<RegExp, Re2>();

/** What JSONata uses of a regular expression. */
interface Engine {
  lastIndex: number;
  exec(text: string): ExecArray | null;
}

type ExecArray = (string | undefined)[] & { index: number };

/** A text as it is looked through. */
interface View {
  text: string;
  seen: WatchedText;
  matcher: Matcher;
  /** How many characters of `seen` stand for each one. */
  width: number;
  /** Instructions that each may meet. */
  instructions: number;
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
      const view = this.view?.text === text ? this.view : (this.view = viewOf(text, this.re2, run));
      const { matcher, width } = view;
      if (!(run ? findWithin(run, view, from * width) : find(view, from * width))) return null;
      const at = (place: number): number => place / width;
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) =>
        matcher.start(group) < 0 ? undefined : text.slice(at(matcher.start(group)), at(matcher.end(group))),
      );
      this.lastIndex = at(matcher.end());
      const found = groups as typeof groups & { index: number };
      found.index = at(matcher.start());
      return found;
    }
  };
}

function viewOf(text: string, { pattern, edged }: Re2, run: Run | undefined): View {
  const withOthers = edged !== undefined && hasOtherLineEnds(text);
  if (run && withOthers) spend(run, Math.floor(text.length / WRITTEN_A_STEP));
  const [chosen, width] = withOthers ? [edged, WIDTH] : [pattern, 1];
  const seen = new WatchedText(withOthers ? withEdges(text) : text);
  // Its types know texts that are not objects.
  const matcher = chosen.matcher(seen as unknown as string);
  // What the groups matched is found by looking through the match once more.
  return { text, seen, matcher, width, instructions: chosen.programSize() * (chosen.groupCount() > 0 ? 2 : 1) };
}

function find({ seen, matcher, width }: View, from: number): boolean {
  let start = from;
  // In the middle of what stands for one character nothing but nothing is found.
  do if (!matcher.find(start)) return false;
  while (matcher.start() % width !== 0 && (start = matcher.start() - (matcher.start() % width) + width) <= seen.length);
  return true;
}

/** What is read counts, not all that is left of the text: else each match of many would count as much as the first. @throws TooLong */
function findWithin(run: Run, view: View, from: number): boolean {
  const { seen, matcher, instructions } = view;
  seen.watch(from, from + Math.ceil((stepsLeft(run) * WORK_A_STEP) / instructions));
  const found = find(view, from);
  // Letters that every match begins with are looked for without reading, which takes a moment only.
  const skipped = Math.max(0, (found ? matcher.end() : seen.length) - seen.reached);
  spend(run, 1 + Math.floor(((seen.reached - from) * instructions + skipped) / WORK_A_STEP));
  return found;
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
