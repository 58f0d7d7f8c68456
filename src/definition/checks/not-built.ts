import { mapping } from '../draft.js';
import type { Report } from '../source/report.js';
import type { Path } from '../source/path.js';

/** What a definition may say and this release does not do is refused by name, never passed over. */
export function checkNotBuilt(value: unknown, report: Report): void {
  const file = mapping(value);
  for (const [name, process] of Object.entries(mapping(file['processes']))) {
    const at: Path = ['processes', name];
    for (const [typeName, entityType] of Object.entries(mapping(mapping(process)['entityTypes'])))
      checkEntityType(mapping(entityType), [...at, 'entityTypes', typeName], report);
  }
}

function checkEntityType(entityType: Record<string, unknown>, at: Path, report: Report): void {
  const refuse = refuseIn(report);
  for (const key of ['collect', 'owns', 'once']) refuse(entityType, at, key);
  for (const key of ['with', 'collect']) refuse(mapping(entityType['from']), [...at, 'from'], key);
}

const refuseIn = (report: Report) => (holder: Record<string, unknown>, at: Path, key: string) => {
  if (Object.hasOwn(holder, key)) report.add('NotBuilt', [...at, key], text(`"${key}"`), { of: 'key' });
};

const text = (what: string): string => `${what} is known, but not built in this release.`;
