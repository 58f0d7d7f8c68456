import { z } from 'zod';
import { settle } from '../../../errors/settle.js';
import { systemCodeOf } from '../../../errors/whose-fault.js';
import { parseJson } from '../../../http/parse-json.js';
import type { Context } from '../../connector.js';
import { avniFailure, incidentOf } from '../failure.js';
import type { AvniSession } from '../session.js';

/** A place, with what all above it are called. */
export interface Place {
  id: string;
  externalId?: string;
  type: string;
  voided: boolean;
  /** Titles from the top down, joined as an Avni server joins them. */
  lineage: string;
  /** Type of location → title, of itself and all above it. */
  levels: ReadonlyMap<string, string>;
}

/** Before any location. */
const EVER = '1900-01-01T00:00:00.000Z';
const SIZE = 1000;
const DEEPEST = 30;
const page = z.object({ content: z.array(z.unknown()), totalPages: z.number().int().nonnegative() });
const row = z.object({
  ID: z.string(),
  'External ID': z.string().nullish(),
  Title: z.string(),
  Type: z.string(),
  Voided: z.boolean(),
  Parent: z.unknown().optional(),
  audit: z.object({ 'Last modified at': z.string() }).optional(),
});
type Row = z.infer<typeof row>;

/** All places of an organisation: read once, then what has changed. */
export class Locations {
  private readonly byId = new Map<string, Place>();
  private readonly byLineage = new Map<string, Place[]>();
  private readAt = EVER;

  constructor(private readonly session: AvniSession) {}

  /** By its UUID or External ID. */
  withId(id: string): Place | undefined {
    return this.byId.get(id) ?? [...this.byId.values()].find(({ externalId }) => externalId === id);
  }

  /** As an Avni server looks a place up: ignoring case, voided ones too. */
  at(lineage: string): readonly Place[] {
    return this.byLineage.get(lineage.toLowerCase()) ?? [];
  }

  /** Where these titles stand, every level up to the top being named. */
  on(levels: ReadonlyMap<string, string>): readonly Place[] {
    return [...this.byId.values()].filter(
      (place) =>
        !place.voided &&
        place.levels.size === levels.size &&
        [...place.levels].every(([type, title]) => levels.get(type)?.toLowerCase() === title.toLowerCase()),
    );
  }

  /**
   * Reads what changed since it was last read: all of them the first time. @throws SystemFailure,
   * Cancelled
   */
  async refresh(c: Context): Promise<void> {
    if (!(await this.read(c))) return;
    // A place was renamed or moved: those below it are not told as changed.
    this.readAt = EVER;
    await this.read(c);
  }

  /** @returns whether a place that was known stands elsewhere now. */
  private async read(c: Context): Promise<boolean> {
    let last = this.readAt;
    let moved = false;
    for (let [number, pages] = [0, 1]; number < pages; number += 1) {
      const { content, totalPages } = await this.page(number, c);
      pages = totalPages;
      for (const each of content) {
        const read = row.safeParse(each).data;
        if (!read) continue;
        moved = this.enter(read) || moved;
        const stamp = read.audit?.['Last modified at'] ?? '';
        if (stamp > last) last = stamp;
      }
    }
    this.readAt = last;
    return moved;
  }

  private async page(number: number, c: Context): Promise<z.infer<typeof page>> {
    const query = { lastModifiedDateTime: this.readAt, now: '2999-01-01T00:00:00.000Z', page: String(number), size: String(SIZE) };
    const { answer, verdict } = await settle(
      () => this.session.get('/api/locations', query, c),
      (response) => ({ ...incidentOf(response, 'read page'), several: false }),
      () => Promise.resolve(false),
    );
    if (verdict.kind !== 'done') throw avniFailure(systemCodeOf(verdict), answer, 'Reading the locations of Avni');
    return parseJson(answer, page, 'Reading the locations of Avni');
  }

  private enter(read: Row): boolean {
    const before = this.byId.get(read.ID);
    if (before) this.byLineage.set(before.lineage.toLowerCase(), this.at(before.lineage).filter((each) => each !== before) as Place[]);
    const place = placeOf(read);
    this.byId.set(place.id, place);
    this.byLineage.set(place.lineage.toLowerCase(), [...this.at(place.lineage), place]);
    return before !== undefined && before.lineage !== place.lineage;
  }
}

function placeOf(read: Row): Place {
  const chain: Row[] = [read];
  for (let above = row.safeParse(read.Parent).data; above && chain.length < DEEPEST; above = row.safeParse(above.Parent).data)
    chain.unshift(above);
  return {
    id: read.ID,
    ...(typeof read['External ID'] === 'string' ? { externalId: read['External ID'] } : {}),
    type: read.Type,
    voided: read.Voided,
    lineage: chain.map(({ Title }) => Title).join(', '),
    levels: new Map(chain.map(({ Type, Title }) => [Type, Title])),
  };
}
