/** An id as R4 has it. Dots alone are steps in a path, so they name nothing. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** A version as it may stand in a header, between quotes. */
const VERSION = /^[!#-~]{1,200}$/;

/** Whether a text has the form of an id of FHIR: only such a one is put into an address. */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id);
}

/** The `If-Match` of a version; undefined where there is none, or one that no header can hold. */
export function ifMatchOf(version: string | undefined): string | undefined {
  return version !== undefined && VERSION.test(version) ? `W/"${version}"` : undefined;
}
