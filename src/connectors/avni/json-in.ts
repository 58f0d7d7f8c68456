import { readJsonForExpressions } from '../../json/json.js';

/** What a text holds as JSON; undefined where it is none, or holds more values than are read. */
export function jsonIn(text: string): unknown {
  try {
    return readJsonForExpressions(text);
  } catch {
    return undefined;
  }
}
