import jsonata from 'jsonata';
import { entityTypesOf, type Draft, type DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { Report } from '../source/report.js';
import { didYouMean } from '../source/suggest.js';
import { expressionsOf } from './expressions.js';
import { writtenIn } from './written-parts.js';

/** What mappings write out, by what the system that is written to says of it. */
export function checkWrittenParts(draft: Draft, endpoints: ReadonlyMap<DraftEntityType, Endpoints>, report: Report): void {
  for (const entityType of entityTypesOf(draft)) {
    const { input, at } = entityType;
    const to = endpoints.get(entityType)?.to;
    const check = to?.system.type?.checkWritten;
    if (!input || !to || !check) continue;
    for (const { text, at: path, maps } of expressionsOf(input, at)) {
      const ast = maps ? parsed(text) : undefined;
      if (!ast) continue;
      for (const { position, message, allowed, given, meant } of check.call(to.system.type, to.settings, writtenIn(ast)))
        report.add('NotOfDestination', path, `${message}${given === undefined ? '' : didYouMean(given, meant ?? [])}`, {
          within: position,
          allowed,
        });
    }
  }
}

/** What does not compile is told of elsewhere. */
function parsed(text: string): ReturnType<ReturnType<typeof jsonata>['ast']> | undefined {
  try {
    return jsonata(text).ast();
  } catch {
    return undefined;
  }
}
