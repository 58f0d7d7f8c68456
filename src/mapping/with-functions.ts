import { getOwn } from '../model/keyed.js';

/** An expression behind the functions that it calls. */
export interface WithFunctions {
  text: string;
  /** What of the definition stands at a character of it; undefined for what stands around. */
  placeOf(position: number): { part: string; source: string; position: number } | undefined;
}

/**
 * One text for JSONata to evaluate on a record: the functions see the record, and nothing that the
 * expression names. `item`: the expression is evaluated on what `$item` is bound to, as in a path.
 */
export function withFunctions(name: string, source: string, functions: Readonly<Record<string, string>>, item: boolean): WithFunctions {
  const names = Object.keys(functions);
  if (names.length === 0 && !item) return { text: source, placeOf: (position) => ({ part: name, source, position }) };
  const parts: { part: string; source: string; begin: number }[] = [];
  let text = '(';
  for (const called of names) {
    const own = getOwn(functions, called) ?? '';
    text += `$${called}:=`;
    parts.push({ part: `functions.${called}`, source: own, begin: text.length });
    text += `${own};`;
  }
  text += item ? '$item.(' : '(';
  parts.push({ part: name, source, begin: text.length });
  text += `${source}))`;
  return {
    text,
    placeOf: (position) => {
      const at = parts.findLast(({ begin }) => begin <= position);
      return at && { part: at.part, source: at.source, position: position - at.begin };
    },
  };
}
