import type { CodeTable } from '../../definition/definition.js';
import { compileMapping } from '../compile-mapping.js';
import { compileQuick } from '../expression.js';
import type { Mapped, Mapping, MappingDefinition } from '../mapping.js';
import { sizeOf } from '../size-of.js';
import type { MapItem } from './messages.js';
import type { TurnTime } from './turn-time.js';
import { workOn } from './work-on.js';

/** Steps that one record may take: a tenth of a second at the very most. */
const MAX_STEPS = 1_000_000;
/** Values of a record. */
const MAX_SIZE = 20_000;
/**
 * Values that all expressions together may give: written out, fewer characters than a thread may
 * give.
 */
const MAX_WEIGHT = 19_000;
/** Items of a list that makes a resource of each. */
const MAX_ITEMS = 20;
/** Characters of the names of concepts that no expression read. */
const MAX_UNMAPPED = 100_000;

/**
 * A mapping without threads, for records that it surely deals with in a moment: all its expressions
 * are quick, so that what they do is bounded by their own length and by the record's. Whatever else
 * there is to say of a record, an error too, is left to the threads.
 */
export class LocalMapping {
  private constructor(
    private readonly mapping: Mapping,
    private readonly steps: number,
    private readonly turn: Pick<TurnTime, 'isUp'>,
  ) {}

  /** Undefined where not all expressions are quick. */
  static of(entityType: MappingDefinition, codes: Record<string, CodeTable>, turn: Pick<TurnTime, 'isUp'>): LocalMapping | undefined {
    const lists = Object.keys(entityType.each ?? {}).length;
    const most = Math.floor(MAX_WEIGHT / Math.max(1, Object.keys(entityType.map).length + lists * (MAX_ITEMS - 1)));
    let steps = 0;
    try {
      const mapping = compileMapping({
        entityType,
        codes,
        mostItems: MAX_ITEMS,
        compile: (_name, source, shared, options) => {
          const expression = compileQuick(source, shared, most, options);
          // Filters, keys and parents are worked out once more for the concepts that they read.
          steps += 2 * expression.steps * (options?.onItem === true ? MAX_ITEMS : 1);
          return expression;
        },
      });
      return steps < MAX_STEPS ? new LocalMapping(mapping, steps, turn) : undefined;
    } catch {
      // Not quick, or too long to be compiled here.
      return undefined;
    }
  }

  /** What a thread would give; undefined for what it is to be asked for. */
  async work(item: Omit<MapItem, 'body'>, body: unknown): Promise<{ value: unknown } | undefined> {
    if (this.turn.isUp || this.steps * sizeOf(body, MAX_SIZE) > MAX_STEPS) return undefined;
    try {
      const value = await workOn(this.mapping, item, body);
      return item.work === 'map' && isLong((value as Mapped).unmapped) ? undefined : { value };
    } catch {
      return undefined;
    }
  }
}

function isLong(names: string[]): boolean {
  return names.reduce((sum, name) => sum + name.length, 0) > MAX_UNMAPPED;
}
