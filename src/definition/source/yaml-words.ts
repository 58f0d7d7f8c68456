import { isScalar, visit, type Document, type YAMLError } from 'yaml';

/** The first thing wrong with a YAML text, in words; what follows from it is left out. */
export interface YamlProblem {
  message: string;
  offset: number;
}

/** What YAML's own words say to nobody who did not write a parser. */
const WORDS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'A tab stands in the indent of this line: YAML takes spaces alone.',
  MULTILINE_IMPLICIT_KEY: 'A ":" followed by a space is missing on this line, or its indent is off.',
  BLOCK_AS_IMPLICIT_KEY: 'A ":" stands within this value: put the value in quotes, or begin a new line.',
};

/** What is wrong first. After it nothing of the text can be told for sure. */
export function firstYamlProblem(text: string, document: Document): YamlProblem | undefined {
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (!first) return undefined;
  const [offset] = first.pos;
  if (first.code === 'BAD_INDENT' && !first.message.startsWith('Flow'))
    return { message: 'The indent of this line is another one than that of those it belongs to.', offset: oddLine(text, offset) };
  if (first.code === 'BAD_INDENT')
    return { message: 'What begins here, by { or [, is not closed on its lines.', offset: beginOfFlow(document, offset) };
  if (first.code === 'BAD_SCALAR_START' && text[offset] === '`')
    return { message: 'An expression that begins with a backtick stands in quotes, or behind "|" on lines of its own.', offset };
  if (first.code === 'MISSING_CHAR' && /quote/.test(first.message))
    return { message: 'A text that begins with a quote here has no closing one.', offset: beginOfText(document, offset) };
  return { message: WORDS[first.code] ?? first.message, offset };
}

/**
 * Of a line and those of its block before it, the one whose indent is no multiple of the file's
 * step: the parser stumbles only over the next.
 */
function oddLine(text: string, offset: number): number {
  const lines = text.slice(0, offset).split('\n');
  const indents = text.split('\n').flatMap((line) => (/^ +[^ #]/.test(line) ? [line.search(/\S/)] : []));
  const step = Math.min(...indents);
  const at = (index: number): number => lines.slice(0, index).join('\n').length + (index > 0 ? 1 : 0);
  const own = (text.split('\n')[lines.length - 1] ?? '').search(/\S/);
  if (own % step !== 0) return offset;
  for (let index = lines.length - 2; index >= 0; index -= 1) {
    const indent = (lines[index] ?? '').search(/\S/);
    if (indent >= 0 && indent % step !== 0) return at(index) + indent;
    if (indent >= 0 && indent < own - step) break;
  }
  return offset;
}

/** Where the innermost list or mapping in brackets begins that is open at an offset. */
function beginOfFlow(document: Document, offset: number): number {
  let begin = offset;
  visit(document, {
    Collection: (_key, node) => {
      if (node.flow === true && node.range && node.range[0] <= offset && node.range[2] >= offset - 1) begin = node.range[0];
    },
  });
  return begin;
}

/** Where the text begins that is open at an offset. */
function beginOfText(document: Document, offset: number): number {
  let begin = offset;
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && node.range && node.range[0] <= offset && node.range[1] >= offset - 1 && node.type?.startsWith('QUOTE'))
        begin = node.range[0];
    },
  });
  return begin;
}
