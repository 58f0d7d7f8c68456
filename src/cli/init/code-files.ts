import type { OrganisationData } from '../../connectors/avni/organisation/organisation-data.js';
import type { DraftedType } from './drafted-types.js';

/** A CSV file of a definition, by its path below the folder. */
export interface CodeFile {
  path: string;
  text: string;
}

/** The table of questions of a type, to be completed with codes. */
export function questionsFile({ name, rows }: DraftedType): CodeFile {
  return csv(`codes/${name}.csv`, [
    ['group', 'concept', 'loinc', 'unit', 'ucum', 'kind'],
    ...rows.map(({ group, concept, unit, kind }) => [group, concept, '', unit, '', kind]),
  ]);
}

/** All answers that the questions of a definition may have, to be completed with codes. */
export function answersFile({ concepts }: OrganisationData, types: DraftedType[]): CodeFile {
  const asked = new Set(types.flatMap(({ rows }) => rows.map(({ concept }) => concept)));
  const rows = concepts.flatMap(({ name, answers = [] }) => (asked.has(name) ? answers.map((answer) => [name, answer, '', '']) : []));
  return csv('codes/answers.csv', [['concept', 'answer', 'system', 'code'], ...rows]);
}

function csv(path: string, rows: string[][]): CodeFile {
  return { path, text: rows.map((row) => `${row.map(cell).join(',')}\n`).join('') };
}

function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
