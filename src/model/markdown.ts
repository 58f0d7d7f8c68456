import { withoutUnseen } from './unseen.js';

/**
 * Markdown that may be shown as it is. Only `marked`, `lines` and `link` make it, so that no value
 * gets in unescaped.
 */
export class Markdown {
  private constructor(readonly text: string) {}

  /** @internal For the functions of this file. */
  static made(text: string): Markdown {
    return new Markdown(text);
  }
}

/** Signs that mean something inside a line of markdown. */
const MEANS_SOMETHING = /[\\`*_[\]<>|~#&!@]|:(?=\/\/)|(?<=^\s*)[-+=]|(?<=^\s*\d{1,9})[.)]|(?<=www)\./giu;

/**
 * A template of markdown (not named `markdown`, since prettier would lay it out anew): every value
 * that is put in stands there as text, on one line.
 */
export function marked(parts: TemplateStringsArray, ...values: (string | number | Markdown)[]): Markdown {
  const text = values.map((value, index) => `${shown(value)}${parts[index + 1] ?? ''}`);
  return Markdown.made(`${parts[0] ?? ''}${text.join('')}`);
}

/** Several, each on a line of its own or joined otherwise. */
export function joined(each: Markdown[], by: '\n' | ', ' | ' | ' | '' = '\n'): Markdown {
  return Markdown.made(each.map(({ text }) => text).join(by));
}

/** A link, where its address is one of the web; else its words alone. */
export function link(words: string, address: string): Markdown {
  if (!/^https?:\/\/[^\s\\<>"'`\p{Cc}]+$/iu.test(address)) return marked`${words}`;
  const safe = address.replace(/[()[\]*_|~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return Markdown.made(`[${shown(words)}](${safe})`);
}

function shown(value: string | number | Markdown): string {
  if (value instanceof Markdown) return value.text;
  return withoutUnseen(String(value), ' ').replace(MEANS_SOMETHING, '\\$&');
}
