/** Nobody mistypes a longer word, and to compare takes as long as the product of both lengths. */
const LONGEST = 100;
/** Names that a word is compared with. */
const MAX_COMPARED = 200;
/** Names that are listed as allowed. */
const MAX_LISTED = 50;

/** Names as a message lists them: the first of very many. */
export function listed(names: readonly string[]): string {
  const left = names.length - MAX_LISTED;
  return left > 0 ? `${names.slice(0, MAX_LISTED).join(', ')} and ${left} more` : names.join(', ');
}

/** The candidate a person most likely meant, if one is near enough. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const ranked = candidates
    .slice(0, MAX_COMPARED)
    .filter((candidate) => candidate.length <= LONGEST)
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance: edits }) => edits <= Math.max(1, Math.floor(Math.min(word.length, candidate.length) / 3)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === undefined ? '' : ` Did you mean "${found}"?`;
}

/**
 * Those of very many names that a word may be a misspelling of: near in length, with an end alike.
 */
export function alike(word: string, names: readonly string[]): string[] {
  const [first, last] = [word.at(0)?.toLowerCase(), word.at(-1)?.toLowerCase()];
  return names.filter(
    (name) =>
      Math.abs(name.length - word.length) <= Math.max(1, word.length / 3) &&
      (name.at(0)?.toLowerCase() === first || name.at(-1)?.toLowerCase() === last),
  );
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace, swapped ? (before[j - 2] ?? 0) + 1 : Infinity));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
