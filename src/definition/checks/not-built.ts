import { entityTypesOf, mapping, type Draft } from '../draft.js';
import type { Report } from '../source/report.js';
import type { Path } from '../source/yaml-source.js';

/** What a definition may say and this release does not do is refused by name, never passed over. */
export function checkNotBuilt(value: unknown, draft: Draft, report: Report): void {
  const file = mapping(value);
  for (const [name, process] of Object.entries(mapping(file['processes']))) {
    const at: Path = ['processes', name];
    for (const [typeName, entityType] of Object.entries(mapping(mapping(process)['entityTypes'])))
      checkEntityType(mapping(entityType), [...at, 'entityTypes', typeName], report);
  }
  checkRemovalOfParents(draft, report);
}

function checkEntityType(entityType: Record<string, unknown>, at: Path, report: Report): void {
  const refuse = refuseIn(report);
  for (const key of ['collect', 'parents', 'owns', 'once', 'whenParentMissing']) refuse(entityType, at, key);
  for (const key of ['with', 'collect']) refuse(mapping(entityType['from']), [...at, 'from'], key);
  if (mapping(entityType['concepts'])['unmapped'] === 'hold')
    report.add('NotBuilt', [...at, 'concepts', 'unmapped'], text('"hold" for unmapped concepts'), { allowed: 'report, ignore' });
}

/** Removing a parent needs its children removed first, which comes with held records. */
function checkRemovalOfParents(draft: Draft, report: Report): void {
  const all = entityTypesOf(draft);
  for (const { name, process, at, input } of all) {
    const child = all.find((other) => other.process === process && Object.hasOwn(other.input?.dependsOn ?? {}, name));
    if (!child || !input) continue;
    for (const key of ['whenVoided', 'whenNoLonger'] as const)
      if (input[key] === 'remove')
        report.add('NotBuilt', [...at, key], text(`"remove" for a type others depend on (here ${child.name})`), { allowed: 'mark, keep' });
  }
}

const refuseIn = (report: Report) => (holder: Record<string, unknown>, at: Path, key: string) => {
  if (Object.hasOwn(holder, key)) report.add('NotBuilt', [...at, key], text(`"${key}"`), { of: 'key' });
};

const text = (what: string): string => `${what} is known, but not built in this release.`;
