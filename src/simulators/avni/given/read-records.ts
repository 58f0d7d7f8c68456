import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { BadOrganisation, type FileProblem } from '../../../connectors/avni/organisation/bad-organisation.js';
import { fitting, readDataFile } from '../../../connectors/avni/organisation/read-file.js';
import { isObject } from '../../../model/is-object.js';
import { givenMembership, givenRecord, type GivenMembership, type GivenRecord } from './given-record.js';

/** A record and where it stands. */
export interface PlacedRecord<T = GivenRecord> {
  file: string;
  /** From 1. */
  number: number;
  given: T;
}

/** What the files of an organisation have. */
export interface PlacedRecords {
  records: PlacedRecord[];
  memberships: PlacedRecord<GivenMembership>[];
}

const list = z.array(z.unknown(), 'must be a list of records');
const IS_DATA = /\.(ya?ml|json)$/;

/**
 * The records of an organisation's folder: `records.yaml` or `.json`, and the files of `records/`.
 * Undefined where it has neither. @throws BadOrganisation
 */
export async function readRecords(folder: string): Promise<PlacedRecords | undefined> {
  const files = await filesOf(folder);
  if (files.length === 0) return undefined;
  const [records, memberships]: [PlacedRecord[], PlacedRecord<GivenMembership>[]] = [[], []];
  const problems: FileProblem[] = [];
  for (const file of files) {
    const name = basename(file);
    for (const [index, value] of fitting(file, list, await readDataFile(file)).entries()) {
      const place = { file: name, number: index + 1 };
      const isMembership = isObject(value) && Object.hasOwn(value, 'Group ID');
      const membership = isMembership ? givenMembership.safeParse(value) : undefined;
      const record = isMembership ? undefined : givenRecord.safeParse(value);
      if (membership?.data) memberships.push({ ...place, given: membership.data });
      if (record?.data) records.push({ ...place, given: record.data });
      for (const issue of (membership ?? record)?.error?.issues ?? [])
        problems.push({ file: name, path: [`record ${index + 1}`, ...issue.path.map(String)].join(' » '), message: `${issue.message}.` });
    }
  }
  if (problems.length > 0) throw new BadOrganisation(problems);
  return { records, memberships };
}

async function filesOf(folder: string): Promise<string[]> {
  if (!(await stat(folder)).isDirectory()) return [];
  const top = (await readdir(folder)).filter((name) => /^records\.(ya?ml|json)$/.test(name));
  const below = (await readdir(join(folder, 'records')).catch(() => [])).filter((name) => IS_DATA.test(name)).sort();
  return [...top.map((name) => join(folder, name)), ...below.map((name) => join(folder, 'records', name))];
}
