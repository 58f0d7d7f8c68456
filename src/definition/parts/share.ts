/** A percentage, e.g. `50 %`. */
export const shareForm = /^(\d{1,3}(?:\.\d+)?) ?%$/;

/**
 * A part of the whole, 0 to 1. @throws Error for what is not of `shareForm`, which the schema
 * refuses.
 */
export function shareOf(text: string): number {
  const [, percent] = shareForm.exec(text) ?? [];
  if (percent === undefined) throw new Error(`Not a percentage: ${text}`);
  return Number(percent) / 100;
}
