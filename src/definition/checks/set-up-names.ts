import jsonata from 'jsonata';
import type { NamesSetUp } from '../../connectors/names-set-up.js';
import { answersNamed } from '../../mapping/answers-named.js';
import { conceptPath, placedConcepts } from '../../mapping/named-concepts.js';
import type { CodeTable } from '../definition.js';
import { entityTypesOf, functionsOf, type Draft, type DraftEntityType } from '../draft.js';
import type { Endpoints } from '../read-endpoints.js';
import type { Path } from '../source/path.js';
import type { Report } from '../source/report.js';
import { alike, didYouMean, listed } from '../source/suggest.js';
import { expressionsOf } from './expressions.js';
import { writtenIn } from './written-parts.js';

/** What an organisation has set up, by the name of the connector that reads it; and the file. */
export interface KnownNames {
  names: ReadonlyMap<string, NamesSetUp>;
  file: string;
}

interface Checked {
  draft: Draft;
  codes: ReadonlyMap<string, CodeTable>;
  known: KnownNames;
  report: Report;
}

/** Types, concepts and answers that a definition names, and an organisation has not set up. */
export async function checkSetUpNames(endpoints: ReadonlyMap<DraftEntityType, Endpoints>, checked: Checked): Promise<void> {
  const { known, report } = checked;
  if (isOfAnother(endpoints, known)) {
    const message = `None of the types of this definition is set up in ${known.file}: it is of another organisation.`;
    return report.add('OtherOrganisation', ['integration'], message);
  }
  const defined = definedFunctions(checked.draft);
  for (const entityType of entityTypesOf(checked.draft)) {
    const { from, to } = endpoints.get(entityType) ?? {};
    const source = from && known.names.get(from.system.type?.name ?? '');
    const destination = to && known.names.get(to.system.type?.name ?? '');
    for (const [side, names, end] of [['source', source, from] as const, ['destination', destination, to] as const])
      for (const { at, message, given, meant } of (end && names?.unknownTypes(end.settings, side)) ?? [])
        report.add(
          'UnknownType',
          [...entityType.at, side === 'source' ? 'from' : 'to', at],
          `${message}${didYouMean(given, alike(given, meant))}`,
          {
            allowed: listed(meant),
          },
        );
    if (source && from) await checkRead(entityType, { ...checked, names: source, members: from.system.type?.conceptsIn ?? [] }, defined);
    if (destination && to) checkWritten(entityType, to.settings, destination, report);
  }
}

/** Whether it has none of the types, of several, that are named. */
function isOfAnother(endpoints: ReadonlyMap<DraftEntityType, Endpoints>, { names }: KnownNames): boolean {
  const ends = [...endpoints.values()].flatMap(({ from, to }) =>
    [['source', from] as const, ['destination', to] as const].flatMap(([side, end]) => {
      const known = end && names.get(end.system.type?.name ?? '');
      return end && known ? [known.unknownTypes(end.settings, side).length > 0] : [];
    }),
  );
  return ends.length > 1 && ends.every((isUnknown) => isUnknown);
}

interface Reading extends Checked {
  names: NamesSetUp;
  members: readonly string[];
}

interface Placed {
  text: string;
  at: Path;
}

function definedFunctions(draft: Draft): Placed[] {
  return Object.entries(functionsOf(draft)).map(([name, text]) => ({ text, at: ['functions', name] }));
}

async function checkRead({ input, at }: DraftEntityType, reading: Reading, defined: Placed[]): Promise<void> {
  if (!input) return;
  const { names, members, report, codes } = reading;
  const meantFor = new Map<string, Set<string>>();
  for (const { text, at: path } of [...expressionsOf(input, at), ...defined]) {
    const ast = parsed(text);
    if (!ast) continue;
    const placed = placedConcepts(ast, members);
    const unknown = await names.unknownConcepts(placed.map(conceptPath));
    for (const { names: steps, position } of placed) {
      const name = steps.at(-1) ?? '';
      if (unknown.includes(name)) unknownConcept(name, path, reading, position);
    }
    const { answers, tables } = answersNamed(ast, members);
    for (const { concept, answer, position } of answers) unknownAnswer(concept, answer, path, reading, position);
    for (const { concept, table } of tables) meantFor.set(table, (meantFor.get(table) ?? new Set()).add(concept));
  }
  for (const [index, name] of (input.concepts?.ignore ?? []).entries())
    if ((await names.unknownConcepts([name])).length > 0) unknownConcept(name, [...at, 'concepts', 'ignore', index], reading);
  for (const [table, concepts] of meantFor) {
    const codeTable = codes.get(table);
    if (codeTable && !codeTable.rows) checkTable(codeTable, [...concepts], names, report);
  }
}

function unknownConcept(name: string, path: Path, { names, known, report }: Reading, within = 0): void {
  const message = `There is no concept ${JSON.stringify(name)} in ${known.file}: what is read by a wrong name is always absent.`;
  report.add('UnknownConcept', path, `${message}${didYouMean(name, alike(name, names.concepts))}`, { within });
}

function unknownAnswer(concept: string, answer: string, path: Path, { names, report }: Reading, within: number): void {
  const known = names.answersOf(concept);
  if (!known || known.includes(answer)) return;
  const message = `${JSON.stringify(answer)} is no answer to ${JSON.stringify(concept)}.${didYouMean(answer, alike(answer, known))}`;
  report.add('UnknownAnswer', path, message, { within, allowed: listed(known) });
}

/** A table of codes must have each answer that may come, and no other. */
function checkTable({ name, entries, fallback }: CodeTable, concepts: string[], names: NamesSetUp, report: Report): void {
  const coded = concepts.flatMap((concept) => {
    const answers = names.answersOf(concept);
    return answers ? [{ concept, answers }] : [];
  });
  if (coded.length === 0) return;
  for (const { concept, answers } of fallback === undefined ? coded : []) {
    const left = answers.filter((answer) => !Object.hasOwn(entries, answer));
    if (left.length === 0) continue;
    const message = `The table ${name} has no code for these answers to ${JSON.stringify(concept)}: ${listed(left)}. Records with them are errors.`;
    report.warn('AnswerWithoutCode', ['codes', name], message);
  }
  if (coded.length < concepts.length) return;
  const all = coded.flatMap(({ answers }) => answers);
  for (const key of Object.keys(entries).filter((each) => !all.includes(each)))
    report.warn(
      'UnknownAnswer',
      ['codes', name, key],
      `${JSON.stringify(key)} is no answer to what is looked up in ${name}.${didYouMean(key, alike(key, all))}`,
    );
}

function checkWritten({ input, at }: DraftEntityType, settings: unknown, names: NamesSetUp, report: Report): void {
  for (const { text, at: path, maps } of input ? expressionsOf(input, at) : []) {
    const ast = maps ? parsed(text) : undefined;
    if (!ast) continue;
    for (const { position, message, allowed, given, meant } of names.checkWritten(settings, writtenIn(ast)))
      report.add('UnknownConcept', path, `${message}${given === undefined ? '' : didYouMean(given, alike(given, meant ?? []))}`, {
        within: position,
        allowed,
      });
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
