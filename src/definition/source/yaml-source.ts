import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';

export type Path = readonly (string | number)[];

/** Counted from 1. */
export interface Position {
  line: number;
  column: number;
}

export interface SyntaxProblem {
  duplicate: boolean;
  message: string;
  path: Path;
  position: Position;
}

/** A YAML text with its values and where each of them stands. */
export class YamlSource {
  readonly value: unknown;
  readonly syntaxProblems: SyntaxProblem[];
  private readonly lines = new LineCounter();
  private readonly document: Document;

  constructor(private readonly text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: true });
    this.syntaxProblems = [...this.document.errors, ...this.document.warnings].map((error) => ({
      duplicate: error.code === 'DUPLICATE_KEY',
      message: error.code === 'DUPLICATE_KEY' ? 'The same key stands twice in one place.' : error.message,
      path: this.pathAt(error.pos[0]),
      position: this.at(error.pos[0]),
    }));
    this.refuseWhatWouldBeLost();
    this.value = this.plain();
  }

  /** Whether nothing can be said about its contents. */
  get broken(): boolean {
    return this.syntaxProblems.some((problem) => !problem.duplicate);
  }

  /** Where the value (or its key) at a path stands; where there is none, the innermost key around it. `within`: characters into a text. */
  position(path: Path, of: 'key' | 'value' = 'value', within = 0): Position {
    const { pair, node, whole } = this.walk(path);
    const key = pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
    if (key !== undefined && (of === 'key' || !whole)) return this.at(key);
    const start = node?.range?.[0];
    if (node && start !== undefined && whole) return this.inside(node, start, within);
    return this.at(key ?? start ?? 0);
  }

  private refuseWhatWouldBeLost(): void {
    const refuse = (offset: number, message: string): void =>
      void this.syntaxProblems.push({ duplicate: false, message, path: this.pathAt(offset), position: this.at(offset) });
    visit(this.document, {
      Pair: (_key, { key }) => {
        if (!isScalar(key) || key.value !== '__proto__') return;
        refuse(key.range?.[0] ?? 0, '"__proto__" is a name that JavaScript itself uses; choose another.');
      },
      Alias: (_key, alias) => {
        if (alias.resolve(this.document)) return;
        const message = `"*${alias.source}" stands for nothing: no "&${alias.source}" comes before it. Text that begins with "*" stands in quotes.`;
        refuse(alias.range?.[0] ?? 0, message);
      },
    });
  }

  private plain(): unknown {
    if (this.broken) return undefined;
    try {
      return this.document.toJS({ maxAliasCount: 100 });
    } catch {
      this.syntaxProblems.push({
        duplicate: false,
        message: 'Aliases lead to too much, or to themselves.',
        path: [],
        position: this.at(0),
      });
      return undefined;
    }
  }

  /** Follows a path as far as it goes. */
  private walk(path: Path): { pair?: Pair; node?: Node; whole: boolean } {
    let node = this.resolve(this.document.contents);
    let pair: Pair | undefined;
    for (const part of path) {
      const next: unknown = isMap(node)
        ? node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part))
        : isSeq(node)
          ? node.items[Number(part)]
          : undefined;
      if (isPair(next)) pair = next;
      else if (!isNode(next)) return { ...(pair ? { pair } : {}), ...(node ? { node } : {}), whole: false };
      node = this.resolve(isPair(next) ? next.value : next);
    }
    return { ...(pair ? { pair } : {}), ...(node ? { node } : {}), whole: true };
  }

  private resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.document);
    return isNode(node) ? node : undefined;
  }

  /** Characters into a scalar's text, as places in the file: exact for literal blocks and for texts written as they are. */
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

  /** The path of the innermost key that begins at or before an offset, and whose value reaches it. */
  private pathAt(offset: number): Path {
    const path: (string | number)[] = [];
    let node: unknown = this.document.contents;
    while (isMap(node)) {
      const found: Pair | undefined = node.items.filter((item) => isNode(item.key) && (item.key.range?.[0] ?? Infinity) <= offset).at(-1);
      if (!found || !isScalar(found.key)) break;
      path.push(String(found.key.value));
      node = found.value;
    }
    return path;
  }
}
