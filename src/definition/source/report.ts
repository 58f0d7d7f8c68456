import type { Problem } from '../definition.js';
import type { Path, YamlSource } from './yaml-source.js';

interface Where {
  /** `key`: the problem is the key itself. */
  of?: 'key' | 'value';
  /** Characters into an expression. */
  within?: number;
  allowed?: string | undefined;
}

/** Collects everything wrong with one file, each with its place. */
export class Report {
  readonly problems: Problem[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly file: string,
    private readonly source: YamlSource,
  ) {
    for (const { duplicate, message, path, position } of source.syntaxProblems)
      this.problems.push({ code: duplicate ? 'DuplicateKey' : 'InvalidYaml', file, ...position, path: path.join('.'), message });
  }

  /** `message` and `allowed` never hold a secret. The same problem in the same place is kept once. */
  add(code: string, path: Path, message: string, { of = 'value', within = 0, allowed }: Where = {}): void {
    const problem = { code, file: this.file, ...this.source.position(path, of, within), path: path.join('.'), message };
    const identity = `${code} ${problem.path} ${message}`;
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    this.problems.push({ ...problem, ...(allowed !== undefined ? { allowed } : {}) });
  }

  /** In the order of the file. */
  inOrder(): Problem[] {
    return [...this.problems].sort((a, b) => a.line - b.line || a.column - b.column);
  }
}
