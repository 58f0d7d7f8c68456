/** One edit of a definition, and the only paths at which a refusal of it may stand. */
export interface Mutation {
  kind: 'key renamed' | 'name renamed' | 'other type' | 'reference broken' | 'expression cut';
  value: unknown;
  path: string;
  expected: (path: string) => boolean;
  /**
   * Whether the edit may leave the definition valid: a name nobody else uses, or an expression that
   * still is one.
   */
  mayStayValid: boolean;
}

type Path = (string | number)[];
interface Site {
  path: Path;
  value: unknown;
}

/** Below these stand names an author chose; elsewhere keys are words of the language. */
const namesBelow = /^(systems|functions|codes|codes\.[^.]+|processes|processes\.[^.]+\.entityTypes|.*\.(map|dependsOn))$/;
const isExpression = /(?:\.(?:when|map|map\.[^.]+|dependsOn\.[^.]+)|^functions\.[^.]+)$/;
const isReference = /\.(system|connector)$/;

/** Every edit of one kind that a definition offers. */
export function mutationsOf(definition: unknown): Record<Mutation['kind'], ((random: () => number) => Mutation)[]> {
  const sites = [...sitesOf(definition, [])];
  const texts = sites.filter(({ value }) => typeof value === 'string') as (Site & { value: string })[];
  const expressions = texts.filter(({ path }) => isExpression.test(path.join('.')));
  const keys = sites.filter(({ path }) => typeof path.at(-1) === 'string');
  const isName = ({ path }: Site): boolean => namesBelow.test(path.slice(0, -1).join('.'));
  return {
    'key renamed': keys.filter((site) => !isName(site)).map((site) => () => renamed(definition, site, false)),
    'name renamed': keys.filter(isName).map((site) => () => renamed(definition, site, true)),
    'other type': sites.filter(({ path }) => path.length > 0).map((site) => () => retyped(definition, site)),
    'reference broken': [
      ...texts
        .filter(({ path }) => isReference.test(path.join('.')))
        .map((site) => () => replaced(definition, site, `${site.value}x`, 'reference broken')),
      ...expressions.flatMap((site) => literalsIn(site.value).map((literal) => () => brokenLiteral(definition, site, literal))),
      ...texts
        .filter(({ value }) => value.includes('${'))
        .map((site) => () => replaced(definition, site, site.value.replace('}', '_X}'), 'reference broken')),
    ],
    'expression cut': expressions.map((site) => (random) => {
      const end = Math.floor(random() * site.value.trimEnd().length);
      return { ...replaced(definition, site, site.value.slice(0, end), 'expression cut'), mayStayValid: true };
    }),
  };
}

function* sitesOf(value: unknown, path: Path): Generator<Site> {
  if (path.length > 0) yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, each] of entries) yield* sitesOf(each, [...path, key]);
}

function renamed(definition: unknown, { path }: Site, name: boolean): Mutation {
  const [before, old] = [path.slice(0, -1), String(path.at(-1))];
  const fresh = `${old}x`;
  const value = edit(definition, before, (holder) =>
    Object.fromEntries(Object.entries(holder as object).map(([key, each]) => [key === old ? fresh : key, each as unknown])),
  );
  const [was, is, around] = [path, [...before, fresh], before].map((each) => each.join('.'));
  // A broken name shows where it is used: then what stands there speaks of it.
  const speaksOfIt = (at: string): boolean => (JSON.stringify(valueAt(value, at)) ?? '').includes(old) || at.split('.').includes(old);
  return {
    kind: name ? 'name renamed' : 'key renamed',
    value,
    path: was ?? '',
    // Without "codes" or "functions" there is nothing of what expressions name. A key that is
    // missing shows at itself, one of several that exclude one another at what holds them.
    expected: (at) =>
      at === was ||
      at === is ||
      at === around ||
      (name && speaksOfIt(at)) ||
      (name && at.startsWith(`${is}.`)) ||
      ((old === 'codes' || old === 'functions') && isExpression.test(at)),
    mayStayValid: name,
  };
}

function retyped(definition: unknown, site: Site): Mutation {
  const other = typeof site.value === 'object' ? 7 : { strange: [true] };
  const mutation = replaced(definition, site, other, 'other type');
  return {
    ...mutation,
    expected: (at) => at === mutation.path || at.startsWith(`${mutation.path}.`) || mutation.path.startsWith(`${at}.`),
  };
}

function replaced(definition: unknown, { path }: Site, by: unknown, kind: Mutation['kind']): Mutation {
  const at = path.join('.');
  return { kind, value: edit(definition, path, () => by), path: at, expected: (found) => found === at, mayStayValid: false };
}

/** The texts by which an expression names a code table, a parent or a resource. */
function literalsIn(expression: string): string[] {
  return [...new Set([...expression.matchAll(/\$(?:code|parent|ref)\("[^"]+"/g)].map(([whole]) => whole))];
}

function brokenLiteral(definition: unknown, site: Site & { value: string }, literal: string): Mutation {
  return replaced(
    definition,
    site,
    site.value.replace(literal, () => `${literal.slice(0, -1)}x"`),
    'reference broken',
  );
}

function edit(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return value.map((each: unknown, index) => (index === first ? edit(each, rest, change) : each));
  const entries = Object.entries(value as object) as [string, unknown][];
  return Object.fromEntries(entries.map(([key, each]) => [key, key === first ? edit(each, rest, change) : each]));
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], value);
}
