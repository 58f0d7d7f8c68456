/** What `$ref` gives: no record of Avni's refers to another one of the same source record. */
export const PLACEHOLDER = 'urn:sangam:ref';
