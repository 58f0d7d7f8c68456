/** Whether a text can be one segment of a path: dots lead elsewhere, and nothing is none. */
export function isPathSegment(text: string): boolean {
  return !/^\.{0,2}$/.test(text);
}

/**
 * A text as one segment of a path. This is the one place that puts ids into paths.
 *
 * @throws Error where it can be none: whoever takes an id from outside looks at it before
 */
export function pathSegment(text: string): string {
  if (!isPathSegment(text)) throw new Error('It cannot stand in a path');
  return encodeURIComponent(text);
}
