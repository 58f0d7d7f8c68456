import { isAlias, isMap, isScalar, isSeq, visit, type Alias, type Document, type Node, type Pair, type Scalar } from 'yaml';
import { setOwn } from '../../model/keyed.js';
import type { Path } from './path.js';

/** What stands in a file in a form that would not arrive as it stands; with its place. */
export interface FormProblem {
  code: 'InvalidYaml' | 'DuplicateKey' | 'NotAsWritten';
  message: string;
  path: Path;
  offset: number;
}

/** Values that aliases may put in, all together. */
const MAX_BY_ALIAS = 200_000;

const QUOTE = 'put it in quotes where text is meant';
const NUMBER = `The number is written in another form than it is read in, as 007, 1.10 and 1E5 are: ${QUOTE}, or write it plainly.`;
const NOTHING = `Unquoted, this means nothing in YAML: ${QUOTE}, or leave the value away.`;
const KEY = 'The key would be read as another one: put it in quotes.';

/** What each alias stands for: the last anchor of its name that comes before it. */
export function resolveAliases(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const found = new Map<Alias, Node>();
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias: (_key, alias) => {
      const target = anchors.get(alias.source);
      if (target) found.set(alias, target);
    },
  });
  return found;
}

/**
 * A document as JSON. Below `codes` every scalar is the text as it stands in the file, keys too,
 * and one left away is an empty text; a number or a key elsewhere that would be read as other than
 * it stands is a problem. Objects have no prototype.
 */
export function plainValue(document: Document, aliases: ReadonlyMap<Alias, Node>): { value: unknown; problems: FormProblem[] } {
  const reading = new Reading(aliases);
  return { value: reading.valueOf(document.contents, []), problems: reading.problems };
}

class Reading {
  readonly problems: FormProblem[] = [];
  /** What an alias stands for, while it is being read. */
  private readonly open = new Set<Node>();
  private byAlias = 0;
  private saidTooMuch = false;

  constructor(private readonly aliases: ReadonlyMap<Alias, Node>) {}

  valueOf(node: unknown, path: Path): unknown {
    if (this.open.size > 0) this.byAlias += 1;
    if (this.byAlias > MAX_BY_ALIAS) return this.tooMuch(path, node);
    if (isAlias(node)) return this.aliased(node, path);
    if (isScalar(node)) return inCodeTable(path) ? this.textOf(node, path) : this.scalar(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.valueOf(item, [...path, index]));
    return isMap(node) ? this.mapping(node.items, path) : null;
  }

  private aliased(alias: Alias, path: Path): unknown {
    const target = this.aliases.get(alias);
    if (!target) {
      const message = `"*${alias.source}" stands for nothing: no "&${alias.source}" comes before it. Text that begins with "*" stands in quotes.`;
      return this.problem('InvalidYaml', message, path, alias);
    }
    if (this.open.has(target)) return this.tooMuch(path, alias);
    this.open.add(target);
    const value = this.valueOf(target, path);
    this.open.delete(target);
    return value;
  }

  private mapping(pairs: Pair[], path: Path): Record<string, unknown> {
    const read = Object.create(null) as Record<string, unknown>;
    for (const pair of pairs) {
      const name = this.keyOf(pair.key, path);
      if (name === undefined) continue;
      const at = [...path, name];
      if (Object.hasOwn(read, name)) this.problem('DuplicateKey', 'The same key stands twice in one place.', at, pair.key);
      if (name === '__proto__')
        this.problem('InvalidYaml', '"__proto__" is a name that JavaScript itself uses; choose another.', at, pair.key);
      setOwn(read, name, this.valueOf(pair.value, at));
    }
    return read;
  }

  private keyOf(node: unknown, path: Path): string | undefined {
    const key = isAlias(node) ? this.aliases.get(node) : node;
    if (!isScalar(key)) {
      this.problem('InvalidYaml', 'A key must be text.', path, node);
      return undefined;
    }
    const name = keyName(key);
    const asItStands = typeof key.value === 'string' || (key.value !== null && (isCodeTable(path) || String(key.value) === name));
    if (!asItStands) this.problem('NotAsWritten', KEY, [...path, name], node);
    return name;
  }

  /** Of a code table: whatever YAML would make of it. */
  private textOf(node: Scalar, path: Path): string {
    if (typeof node.value === 'string') return node.value;
    const source = node.source ?? '';
    if (node.value !== null) return source;
    if (source !== '') this.problem('NotAsWritten', NOTHING, path, node);
    return '';
  }

  private scalar({ value, source = '', range }: Scalar, path: Path): unknown {
    if (typeof value === 'number' && String(value) !== source) this.problem('NotAsWritten', NUMBER, path, { range });
    return value;
  }

  private tooMuch(path: Path, node: unknown): undefined {
    if (!this.saidTooMuch) this.problem('InvalidYaml', 'Aliases lead to too much, or to themselves.', path, node);
    this.saidTooMuch = true;
    return undefined;
  }

  private problem(code: FormProblem['code'], message: string, path: Path, node: unknown): undefined {
    const { range } = (node ?? {}) as { range?: [number, number, number] | null };
    this.problems.push({ code, message, path, offset: range?.[0] ?? 0 });
    return undefined;
  }
}

/** A key as it stands in the file, but for quotes. */
export function keyName(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

/** `codes.<table>`, whose keys are codes. */
const isCodeTable = (path: Path): boolean => path[0] === 'codes' && path.length === 2;

/** `codes.<table>.<code>`, and what should not be below it. */
const inCodeTable = (path: Path): boolean => path[0] === 'codes' && path.length > 2;
