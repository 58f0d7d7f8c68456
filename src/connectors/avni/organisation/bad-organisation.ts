/** One thing wrong with the files of an organisation. `path`: within the file, never a value. */
export interface FileProblem {
  file: string;
  path: string;
  message: string;
}

/** Problems that are told at once. */
const TOLD = 20;

/**
 * Files of an organisation cannot be used; the message names each file, the place, and the rule.
 */
export class BadOrganisation extends Error {
  override readonly name = 'BadOrganisation';
  readonly code = 'BadOrganisation';

  constructor(readonly problems: FileProblem[]) {
    super(linesOf(problems).join('\n'));
  }

  /** Each problem in a line, the first of very many. */
  get lines(): string[] {
    return linesOf(this.problems);
  }
}

function linesOf(problems: FileProblem[]): string[] {
  const lines = problems.slice(0, TOLD).map(({ file, path, message }) => `${file}: ${path === '' ? '' : `${path}: `}${message}`);
  const left = problems.length - TOLD;
  return left > 0 ? [...lines, `and ${left} more.`] : lines;
}
