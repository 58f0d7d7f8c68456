import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { BadOrganisation, type FileProblem } from '../../../connectors/avni/organisation/bad-organisation.js';
import { fitting, readDataFile } from '../../../connectors/avni/organisation/read-file.js';
import { givenRecord, type GivenRecord } from './given-record.js';

/** A record and where it stands. */
export interface PlacedRecord {
  file: string;
  /** From 1. */
  number: number;
  given: GivenRecord;
}

const list = z.array(z.unknown(), 'must be a list of records');
const IS_DATA = /\.(ya?ml|json)$/;

/**
 * The records of an organisation's folder: `records.yaml` or `.json`, and the files of `records/`.
 * Undefined where it has neither. @throws BadOrganisation
 */
export async function readRecords(folder: string): Promise<PlacedRecord[] | undefined> {
  const files = await filesOf(folder);
  if (files.length === 0) return undefined;
  const records: PlacedRecord[] = [];
  const problems: FileProblem[] = [];
  for (const file of files) {
    const name = basename(file);
    for (const [index, value] of fitting(file, list, await readDataFile(file)).entries()) {
      const { data, error } = givenRecord.safeParse(value);
      if (data) records.push({ file: name, number: index + 1, given: data });
      for (const issue of error?.issues ?? [])
        problems.push({ file: name, path: [`record ${index + 1}`, ...issue.path.map(String)].join(' » '), message: `${issue.message}.` });
    }
  }
  if (problems.length > 0) throw new BadOrganisation(problems);
  return records;
}

async function filesOf(folder: string): Promise<string[]> {
  if (!(await stat(folder)).isDirectory()) return [];
  const top = (await readdir(folder)).filter((name) => /^records\.(ya?ml|json)$/.test(name));
  const below = (await readdir(join(folder, 'records')).catch(() => [])).filter((name) => IS_DATA.test(name)).sort();
  return [...top.map((name) => join(folder, name)), ...below.map((name) => join(folder, 'records', name))];
}
