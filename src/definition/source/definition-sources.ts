import type { Path } from './path.js';
import type { Position, YamlSource } from './yaml-source.js';

/** A file of a definition, read. */
export interface PlacedSource {
  file: string;
  source: YamlSource;
}

/** All files of one definition: its own, and those that it includes. */
export class DefinitionSources {
  private readonly all: PlacedSource[];

  constructor(readonly main: PlacedSource) {
    this.all = [main];
  }

  add(included: PlacedSource): void {
    this.all.push(included);
  }

  /** Paths of the files that are included. */
  get included(): string[] {
    return this.all.slice(1).map(({ file }) => file);
  }

  /**
   * Where the value, or its key, at a path of the whole stands: in the file that has most of the
   * path, unless one is named by `file`.
   */
  position(path: Path, of: 'key' | 'value' = 'value', within = 0, file?: string): Position & { file: string } {
    if (this.all.length === 1) return { file: this.main.file, ...this.main.source.position(path, of, within) };
    const asked = file === undefined ? this.all : this.all.filter((each) => each.file === file);
    let [best, reached] = [this.main, -1];
    for (const each of asked) {
      const reach = each.source.reach(path);
      if (reach > reached) [best, reached] = [each, reach];
    }
    return { file: best.file, ...best.source.position(path, of, within) };
  }
}
