import type { Context } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import type { EntityTypeParts } from './parts.js';

/**
 * Which types are known to have no record at all up to where they got to: of those, nothing was
 * passed by. It is found out once per execution, by one question, instead of asking for the
 * children of every parent.
 */
export class EmptyTypes {
  private readonly some = new Set<string>();
  private readonly answers = new Map<string, Promise<boolean>>();

  /** @throws SystemFailure, Cancelled */
  isEmpty(type: EntityTypeParts, until: Instant, c: Context): Promise<boolean> {
    if (this.some.has(type.definition.name)) return Promise.resolve(false);
    const key = `${type.definition.name}\0${until}`;
    const answer = this.answers.get(key) ?? this.ask(type, until, c);
    this.answers.set(key, answer);
    return answer;
  }

  private async ask(type: EntityTypeParts, until: Instant, c: Context): Promise<boolean> {
    const has = await type.source.hasChanges(null, until, c);
    if (has) this.some.add(type.definition.name);
    return !has;
  }
}
