/**
 * A run of digits as of a phone number, an identity card or an account, in any script; or what
 * looks like an e-mail address.
 */
const LIKE_A_VALUE = /(?:\p{Nd}[\s().+/-]*){7}|\S@\S/u;
const LONGEST = 200;

/**
 * The name of a concept as it may be stored and shown. Such names are the organisation’s, not a
 * person’s; but where a record has a value as the name of a member, that is left out. Of a group
 * each part by itself.
 */
export function shownConcept(concept: string): string {
  return concept
    .split(' » ')
    .map((part) => (part.length > LONGEST || LIKE_A_VALUE.test(part) ? '(a name that looks like a value)' : part))
    .join(' » ');
}
