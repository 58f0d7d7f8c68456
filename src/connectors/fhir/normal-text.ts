const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A text of a resource in the one form for all that say the same: an instant by its time, a
 * reference to a resource below `base` relative to it.
 */
export function normalText(value: string, base: string): string {
  const time = INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString() + beyondMilliseconds(value);
  return value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
}

/** The digits of a second that are more than milliseconds, as far as they say something. */
function beyondMilliseconds(instant: string): string {
  return /\.\d{3}(\d*?)0*(?:Z|[+-])/.exec(instant)?.[1] ?? '';
}
