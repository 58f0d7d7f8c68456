/**
 * What a line of text from outside must not hold: control characters (C0, C1), halves of
 * characters, marks of direction and of lines, and what hides. The joiners U+200C and U+200D are
 * not among them: Indic scripts are written with them.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/u;

/** The same without what must not be there; `instead` stands in its place. */
export function withoutUnseen(text: string, instead: string): string {
  // By `replace` an expression changes: where Temporal shares modules among workflows it may not.
  return text.split(UNSEEN).join(instead);
}

/** The source of an expression that finds a sign of these. */
export const UNSEEN_SOURCE = UNSEEN.source;
