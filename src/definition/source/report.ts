import type { Problem } from '../definition.js';
import type { DefinitionSources, PlacedSource } from './definition-sources.js';
import type { Position } from './yaml-source.js';
import type { Path } from './path.js';

interface Where {
  /** `key`: the problem is the key itself. */
  of?: 'key' | 'value';
  /** Characters into an expression. */
  within?: number;
  allowed?: string | undefined;
  /** The file that it stands in, where several have such a path. */
  in?: string;
}

/** Problems, and warnings, that are kept of one file; the others are counted. */
const MAX_KEPT = 500;

/** Collects everything wrong with one definition, each with its place. */
export class Report {
  private readonly problems = new Kept();
  private readonly warnings = new Kept();

  constructor(private readonly sources: DefinitionSources) {
    this.addSyntax(sources.main);
  }

  /** Adds what is wrong with the YAML of a file. */
  addSyntax({ file, source }: PlacedSource): void {
    for (const { code, message, path, position } of source.syntaxProblems)
      this.problems.add({ code, file, ...position, path: path.join('.'), message });
  }

  /** Whether a further problem is only counted: then nothing need be worked out to tell it. */
  get full(): boolean {
    return this.problems.full;
  }

  /**
   * `message` and `allowed` never hold a secret. The same problem in the same place is kept once.
   */
  add(code: string, path: Path, message: string, where: Where = {}): void {
    this.problems.add(this.problem(code, path, message, where));
  }

  /**
   * Of what may be right as it is: the definition is used all the same. `elsewhere`: a place in
   * another file, such as a code table's.
   */
  warn(code: string, path: Path, message: string, elsewhere: Partial<Position & { file: string }> = {}): void {
    this.warnings.add({ ...this.problem(code, path, message, {}), ...elsewhere });
  }

  /** Problems in the order of the file. */
  inOrder(): Problem[] {
    return this.problems.inOrder();
  }

  warningsInOrder(): Problem[] {
    return this.warnings.inOrder();
  }

  private problem(code: string, path: Path, message: string, { of = 'value', within = 0, allowed, in: file }: Where): Problem {
    const place = { ...this.sources.position(path, of, within, file), path: path.join('.') };
    return { code, ...place, message, ...(allowed !== undefined ? { allowed } : {}) };
  }
}

class Kept {
  private readonly kept = new Map<string, Problem>();
  private left = 0;

  get full(): boolean {
    return this.kept.size >= MAX_KEPT;
  }

  add(problem: Problem): void {
    const identity = `${problem.code} ${problem.file} ${problem.line} ${problem.path} ${problem.message}`;
    if (this.kept.has(identity)) return;
    if (this.full) this.left += 1;
    else this.kept.set(identity, problem);
  }

  inOrder(): Problem[] {
    // The files in the order in which they were read.
    const files = [...new Set([...this.kept.values()].map(({ file }) => file))];
    const sorted = [...this.kept.values()].sort(
      (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
    );
    const last = sorted.at(-1);
    if (!last || this.left === 0) return sorted;
    const { allowed: _allowed, ...place } = last;
    return [...sorted, { ...place, code: 'AndMore', message: `There is more of the like: ${this.left} that are not listed here.` }];
  }
}
