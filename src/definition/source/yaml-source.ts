import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { firstYamlProblem } from './yaml-words.js';
import { keyName, plainValue, resolveAliases, type FormProblem } from './plain-value.js';
import type { Path } from './path.js';

/** Counted from 1. */
export interface Position {
  line: number;
  column: number;
}

export interface SyntaxProblem {
  code: FormProblem['code'];
  message: string;
  path: Path;
  position: Position;
}

/**
 * A YAML text with its values and where each of them stands. Never throws for what the text holds.
 */
export class YamlSource {
  readonly value: unknown;
  readonly syntaxProblems: SyntaxProblem[] = [];
  private readonly lines = new LineCounter();
  private document: Document | undefined;
  private aliases: ReadonlyMap<Alias, Node> = new Map();
  private readonly indexes = new WeakMap<Node, ReadonlyMap<string, Pair>>();

  constructor(private readonly text: string) {
    try {
      this.value = this.read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.add({ code: 'InvalidYaml', message: 'Values stand too deep within one another.', path: [], offset: 0 });
    }
  }

  /** Whether nothing can be said about its contents. */
  get broken(): boolean {
    return this.syntaxProblems.some(({ code }) => code === 'InvalidYaml');
  }

  /**
   * Where the value (or its key) at a path stands; where there is none, the innermost key around
   * it. `within`: characters into a text.
   */
  position(path: Path, of: 'key' | 'value' = 'value', within = 0): Position {
    const { pair, node, whole } = this.walk(path);
    const key = pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
    if (key !== undefined && (of === 'key' || !whole)) return this.at(key);
    const start = node?.range?.[0];
    if (node && start !== undefined && whole) return this.inside(node, start, within);
    return this.at(key ?? start ?? 0);
  }

  /** How many steps of a path there are. */
  reach(path: Path): number {
    for (let steps = path.length; steps > 0; steps -= 1) if (this.walk(path.slice(0, steps)).whole) return steps;
    return 0;
  }

  private read(): unknown {
    // Keys that stand twice are found while the values are read: to look for them at each key takes
    // as long as the square of their number.
    this.document = parseDocument(this.text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: false });
    const wrong = firstYamlProblem(this.text, this.document);
    if (wrong) {
      this.add({ code: 'InvalidYaml', message: wrong.message, path: this.pathAt(wrong.offset), offset: wrong.offset });
      return undefined;
    }
    this.aliases = resolveAliases(this.document);
    const { value, problems } = plainValue(this.document, this.aliases);
    for (const problem of problems) this.add(problem);
    return this.broken ? undefined : value;
  }

  private add({ offset, ...problem }: FormProblem): void {
    this.syntaxProblems.push({ ...problem, position: this.at(offset) });
  }

  /** Follows a path as far as it goes. */
  private walk(path: Path): { pair?: Pair; node?: Node; whole: boolean } {
    let node = this.resolve(this.document?.contents);
    let pair: Pair | undefined;
    for (const part of path) {
      const next: unknown = isMap(node) ? this.indexOf(node).get(String(part)) : isSeq(node) ? node.items[Number(part)] : undefined;
      if (isPair(next)) pair = next;
      else if (!isNode(next)) return { ...(pair ? { pair } : {}), ...(node ? { node } : {}), whole: false };
      node = this.resolve(isPair(next) ? next.value : next);
    }
    return { ...(pair ? { pair } : {}), ...(node ? { node } : {}), whole: true };
  }

  /** A mapping's pairs by key, made once: a file may have tens of thousands of problems in one. */
  private indexOf(map: Node & { items: Pair[] }): ReadonlyMap<string, Pair> {
    const known = this.indexes.get(map);
    if (known) return known;
    const index = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = this.resolve(pair.key);
      if (isScalar(key) && !index.has(keyName(key))) index.set(keyName(key), pair);
    }
    this.indexes.set(map, index);
    return index;
  }

  private resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return this.aliases.get(node);
    return isNode(node) ? node : undefined;
  }

  /**
   * Characters into a scalar's text, as places in the file: exact for literal blocks and for texts
   * written as they are.
   */
  private inside(node: Node, start: number, within: number): Position {
    if (!isScalar(node) || typeof node.value !== 'string' || within <= 0) return this.at(start);
    const raw = this.text.slice(start, node.range?.[1]);
    const before = node.value.slice(0, within).split('\n');
    if (node.type === 'BLOCK_LITERAL') {
      const indent = /\n( *)[^\s]/.exec(raw)?.[1]?.length ?? 0;
      const column = before.at(-1)?.length ?? 0;
      return { line: this.at(start).line + before.length, column: indent + column + 1 };
    }
    const offset = raw.indexOf(node.value);
    return this.at(offset < 0 ? start : start + offset + within);
  }

  private at(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /**
   * The path of the innermost key that begins at or before an offset, and whose value reaches it.
   */
  private pathAt(offset: number): Path {
    const path: (string | number)[] = [];
    let node: unknown = this.document?.contents;
    while (isMap(node)) {
      const found: Pair | undefined = node.items.filter((item) => isNode(item.key) && (item.key.range?.[0] ?? Infinity) <= offset).at(-1);
      if (!found || !isScalar(found.key)) break;
      path.push(keyName(found.key));
      node = found.value;
    }
    return path;
  }
}
