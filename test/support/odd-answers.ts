/** Where something stands in JSON: names of members and places in lists. */
export type Path = (string | number)[];

/** Stands where another text of JSON is put. */
const HERE = '@here@';

/** What is never in a message: it stands in the answers as a person's data does. */
export const SENTINEL = 'SENTINEL';

const nested = (depth: number): string => `${'['.repeat(depth)}"x"${']'.repeat(depth)}`;

/** Texts of JSON that no member of an answer is meant to be, by name. */
const ODD: [string, string][] = [
  ['null', 'null'],
  ['a number', '7'],
  ['a number beyond counting', '1e400'],
  ['a text', `"${SENTINEL} words"`],
  ['an empty text', '""'],
  ['a very long text', `"${SENTINEL}${'x'.repeat(200_000)}"`],
  ['control characters', JSON.stringify(`${SENTINEL}\u0000\u001b]0;x\u0007\r\n\ud83d`)],
  ['true', 'true'],
  ['false', 'false'],
  ['an empty list', '[]'],
  ['a list of odd things', `[null, 7, "${SENTINEL}", [], {}]`],
  ['an empty object', '{}'],
  ['an object', `{"a": "${SENTINEL}"}`],
  ['nested deep', nested(100_000)],
  ['names of prototypes', '{"__proto__": {"count": 1}, "constructor": {"prototype": {"count": 1}}, "toString": "x", "length": -1}'],
];

/** Every place in a value, the whole first. */
export function placesIn(value: unknown, depth = 8): Path[] {
  if (typeof value !== 'object' || value === null || depth === 0) return [[]];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [[], ...members.flatMap(([name, each]) => placesIn(each, depth - 1).map((path) => [name, ...path]))];
}

/**
 * One answer of JSON with what stands in one place odd in every way, by name; each is made when it
 * is asked for.
 */
export function oddAnswers(answer: string, path: Path): [what: string, make: () => string][] {
  const now = at(JSON.parse(answer), path);
  const name = path.at(-1);
  const own = JSON.stringify(now);
  const twice = typeof name === 'string' ? `${own}, ${JSON.stringify(name)}: ` : `${own}, `;
  const isObject = typeof now === 'object' && now !== null && !Array.isArray(now);
  const withMember = (member: string): string => `{"${member}": {"count": 1, "x": 1e-7}${own === '{}' ? '' : ','}${own.slice(1)}`;
  const odd = ODD.map(([what, text]): [string, () => string] => [what, () => put(answer, path, text)]);
  const members = isObject ? ['__proto__', 'constructor', 'toString'] : [];
  return [
    ...odd,
    ...members.map((member): [string, () => string] => [`with ${member}`, () => put(answer, path, withMember(member))]),
    ...(name === undefined
      ? ([
          ['no text', () => ''],
          ['no JSON', () => `${SENTINEL} <html>`],
        ] satisfies [string, () => string][])
      : ([
          ['missing', () => without(answer, path)],
          ['twice', () => put(answer, path, twice + own)],
          ...ODD.slice(0, 4).map(([what, text]): [string, () => string] => [`twice, ${what}`, () => put(answer, path, twice + text)]),
        ] satisfies [string, () => string][])),
  ];
}

function put(answer: string, path: Path, text: string): string {
  if (path.length === 0) return text;
  const whole: unknown = JSON.parse(answer);
  (at(whole, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1) ?? ''] = HERE;
  return JSON.stringify(whole).replace(`"${HERE}"`, () => text);
}

function without(answer: string, path: Path): string {
  const whole: unknown = JSON.parse(answer);
  const container = at(whole, path.slice(0, -1));
  if (Array.isArray(container)) container.splice(Number(path.at(-1)), 1);
  else Reflect.deleteProperty(container as object, path.at(-1) ?? '');
  return JSON.stringify(whole);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((each, name) => (each as Record<string | number, unknown>)[name], value);
}
