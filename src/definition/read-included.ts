import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { textBelow } from './source/text-below.js';
import type { DefinitionSources, PlacedSource } from './source/definition-sources.js';
import { merged } from './source/merged.js';
import type { Path } from './source/path.js';
import type { Report } from './source/report.js';
import { YamlSource } from './source/yaml-source.js';
import { getOwn } from '../model/keyed.js';
import { mapping } from './draft.js';

/** Files that one definition includes, all together. */
const MAX_FILES = 200;
/** Bytes of an included file. */
const MAX_BYTES = 2 * 1024 * 1024;

const includeList = z.array(z.string().min(1));

interface Reading {
  folder: string;
  sources: DefinitionSources;
  report: Report;
  /** Real paths of what was read. */
  read: Set<string>;
}

/**
 * The value of a definition with all that it includes put in. What is wrong with an included file
 * is reported with its place; undefined where that file cannot be read as YAML.
 */
export async function withIncluded(sources: DefinitionSources, report: Report): Promise<unknown> {
  const { main } = sources;
  const reading = { folder: dirname(main.file), sources, report, read: new Set<string>() };
  let value = main.source.value;
  let broken = false;
  const include = async (of: PlacedSource, open: readonly string[]): Promise<void> => {
    for (const { file, at } of await listedIn(of, reading)) {
      const real = await realpath(file).catch(() => file);
      if (open.includes(real)) {
        report.add('IncludeCircle', at, `${file} is included by what it includes itself.`, { in: of.file });
        continue;
      }
      // What several include is there once.
      if (reading.read.has(real)) continue;
      reading.read.add(real);
      const included = await readOne(file, of, at, reading);
      if (!included) continue;
      if (included.source.broken) broken = true;
      else value = merged(value, included, report);
      await include(included, [...open, real]);
    }
  };
  await include(main, [await realpath(main.file).catch(() => main.file)]);
  return broken ? undefined : value;
}

/** The files that one file includes, those of a folder in the order of their names. */
async function listedIn({ file, source }: PlacedSource, { folder, sources, report, read }: Reading): Promise<{ file: string; at: Path }[]> {
  const given = getOwn(mapping(source.value), 'include');
  if (given === undefined) return [];
  const list = includeList.safeParse(given);
  if (!list.success) {
    // Of the definition itself its schema tells.
    if (file !== sources.main.file)
      report.add('WrongType', ['include'], 'must be a list of files and folders', {
        in: file,
        allowed: 'include: [common/functions.yaml]',
      });
    return [];
  }
  const all: { file: string; at: Path }[] = [];
  for (const [index, name] of list.data.entries()) {
    const at = ['include', index];
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isDirectory()) all.push({ file: path, at });
    else {
      const names = (await readdir(path)).filter((each) => /\.ya?ml$/.test(each)).sort();
      if (names.length === 0) report.add('MissingFile', at, `${name} has no file (*.yaml, *.yml).`, { in: file });
      all.push(...names.map((each) => ({ file: join(path, each), at })));
    }
  }
  if (all.length + read.size <= MAX_FILES) return all;
  report.add('TooLarge', ['include'], 'There are too many files in one definition.', { in: file, allowed: `at most ${MAX_FILES}` });
  return [];
}

async function readOne(file: string, of: PlacedSource, at: Path, { folder, sources, report }: Reading): Promise<PlacedSource | undefined> {
  const text = await textBelow(folder, file, MAX_BYTES, (code, message, allowed) =>
    report.add(code, at, message, { in: of.file, ...(allowed === undefined ? {} : { allowed }) }),
  );
  if (text === undefined) return undefined;
  const included = { file, source: new YamlSource(text) };
  sources.add(included);
  report.addSyntax(included);
  return included;
}
