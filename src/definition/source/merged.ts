import { getOwn, setOwn } from '../../model/keyed.js';
import type { PlacedSource } from './definition-sources.js';
import type { Path } from './path.js';
import type { Report } from './report.js';

type Mapping = Record<string, unknown>;

/** What an included file may have. */
const SECTIONS = ['include', 'systems', 'codes', 'functions', 'errorTypes', 'processes'];

/** A value with that of an included file put in; what stands in both is reported. */
export function merged(base: unknown, { file, source: { value } }: PlacedSource, report: Report): unknown {
  if (!isMapping(value)) {
    report.add('WrongType', [], 'must be a mapping, with sections of a definition', { in: file });
    return base;
  }
  const given: Mapping = Object.create(null) as Mapping;
  for (const [name, each] of Object.entries(value)) {
    if (name === 'include') continue;
    if (SECTIONS.includes(name)) setOwn(given, name, each);
    else report.add('UnknownKey', [name], `An included file has no "${name}".`, { in: file, of: 'key', allowed: SECTIONS.join(', ') });
  }
  return isMapping(base) ? together(base, given, [], { file, report }) : base;
}

function together(base: Mapping, given: Mapping, path: Path, to: { file: string; report: Report }): Mapping {
  const all: Mapping = Object.create(null) as Mapping;
  for (const [name, each] of Object.entries(base)) setOwn(all, name, each);
  for (const [name, each] of Object.entries(given)) {
    const known = getOwn(base, name);
    const at = [...path, name];
    if (known === undefined) setOwn(all, name, each);
    else if (isSection(at) && isMapping(known) && isMapping(each)) setOwn(all, name, together(known, each, at, to));
    else to.report.add('DuplicateKey', at, `"${name}" stands in another file of this definition too.`, { in: to.file, of: 'key' });
  }
  return all;
}

/** Whether several files may each have a part of it: a section, a process, and its entity types. */
function isSection(path: Path): boolean {
  const [section, , within] = path;
  return path.length === 1 || (section === 'processes' && (path.length === 2 || (path.length === 3 && within === 'entityTypes')));
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
