import jsonata from 'jsonata';
import { functionsCalled } from '../../mapping/functions-called.js';
import { regexProblem } from '../../mapping/regex/regex-engine.js';
import { entityTypesOf, mapOf, resourcesOf, type Draft, type DraftEntityType } from '../draft.js';
import { isRows } from '../schema/code-table.js';
import type { EntityTypeInput } from '../schema/entity-type.js';
import type { Report } from '../source/report.js';
import { didYouMean, listed } from '../source/suggest.js';
import type { Path } from '../source/path.js';
import { codesNamed } from './codes-named.js';
import { MUST_BE_CALLED, wrongDateCall } from './date-calls.js';
import { likelyMistakes } from './likely-mistakes.js';
import { partsOf, type Call, type ExpressionParts } from './expression-parts.js';
import { longNumberAt } from './long-numbers.js';
import { whyNotCompiled, type CompileError } from './why-not-compiled.js';

interface Expression {
  text: string;
  at: Path;
  /** Whether it makes a resource, and so may use references. */
  maps: boolean;
  /** Whether a text that is written out says the same of every record, as an id or a key cannot. */
  isField?: boolean;
}

/** Functions a mapping has beside JSONata's own. */
const helpers = ['code', 'rows', 'parent', 'ref', 'date', 'dateTime'];

/** Names that no function of a definition may have, since it would hide what they stand for. */
const reserved = [...helpers, 'item'];

/** What JSONata has that gives something else each time. */
const everChanging = ['now', 'millis', 'random', 'shuffle'];

/** Texts that are expressions only once a record is there: nothing of them could be checked. */
const NOT_CHECKED = 'eval';

/** Every expression compiles, and what it names by a written-out text is there. */
export async function checkExpressions(draft: Draft, report: Report): Promise<void> {
  const own = draft.unknown.functions ? undefined : [...draft.functions.keys()];
  const functions = new Map<string, { expression: Expression; parts: ExpressionParts }>();
  for (const [name, text] of draft.functions) {
    const expression = { text: text ?? '', at: ['functions', name], maps: true };
    const parts = text === undefined ? undefined : await checkFunction(name, expression, own, report);
    if (!parts) continue;
    functions.set(name, { expression, parts });
    for (const call of unboundIn(parts)) if (call.name === 'code' || call.name === 'rows') checkTable(call, expression, draft, report);
  }
  for (const entityType of entityTypesOf(draft)) {
    if (!entityType.input) continue;
    for (const expression of expressionsOf(entityType.input, entityType.at)) {
      const parts = compiled(expression, report);
      if (!parts) continue;
      await checkParts(parts, expression, own, report);
      for (const call of unboundIn(parts)) checkHelper(call, expression, entityType, draft, report);
      // Whether a function's references lead somewhere depends on who calls it.
      for (const called of calledFrom(parts, functions))
        for (const call of unboundIn(called.parts))
          checkHelper(call, { ...called.expression, maps: expression.maps }, entityType, draft, report);
    }
  }
}

/** A function is one, and hides nothing. */
async function checkFunction(
  name: string,
  expression: Expression,
  own: string[] | undefined,
  report: Report,
): Promise<ExpressionParts | undefined> {
  if (reserved.includes(name) || (await isBuiltIn(name)))
    report.add('HidesBuiltIn', expression.at, `$${name} is there already: a function of that name would hide it.`, {
      of: 'key',
      allowed: 'another name',
    });
  const parts = compiled(expression, report);
  if (!parts) return undefined;
  if (jsonata(expression.text).ast().type !== 'lambda')
    report.add('NotAFunction', expression.at, `"${name}" must be one function.`, { allowed: 'e.g. function($value, $unit) { … }' });
  await checkParts(parts, expression, own, report);
  return parts;
}

/**
 * What can be said of an expression wherever it stands. `own`: names of the definition's functions,
 * where these are known.
 */
async function checkParts(parts: ExpressionParts, expression: Expression, own: string[] | undefined, report: Report): Promise<void> {
  for (const { code, message, within, allowed, maybe } of likelyMistakes(jsonata(expression.text).ast(), expression.isField === true))
    if (maybe) report.warn(code, expression.at, message);
    else report.add(code, expression.at, message, { within, allowed });
  for (const regex of parts.regexes) checkRegex(regex, expression, report);
  for (const number of parts.numbers) checkNumber(number, expression, report);
  for (const call of unboundIn(parts)) checkDates(call, expression, report);
  for (const mention of parts.mentions) await checkMention(mention, parts, { expression, own }, report);
}

/** Calls by names that it gives to nothing of its own. */
function unboundIn({ calls, bound }: ExpressionParts): Call[] {
  return calls.filter(({ name }) => !bound.has(name));
}

/** Functions that an expression calls, and those that these call. */
function calledFrom<T extends { parts: ExpressionParts }>(parts: ExpressionParts, functions: ReadonlyMap<string, T>): Set<T> {
  const called = new Set<T>();
  const visit = ({ mentions, bound }: ExpressionParts): void => {
    for (const { name } of mentions) {
      const found = bound.has(name) ? undefined : functions.get(name);
      if (!found || called.has(found)) continue;
      called.add(found);
      visit(found.parts);
    }
  };
  visit(parts);
  return called;
}

async function checkMention(
  { name, position }: ExpressionParts['mentions'][number],
  { bound, calls }: ExpressionParts,
  { expression, own }: { expression: Expression; own: string[] | undefined },
  report: Report,
): Promise<void> {
  // Also where an expression gives such a name to something of its own: it may do so in one place,
  // and mean JSONata's in another.
  if (everChanging.includes(name)) return reportChanging(name, position, expression, report);
  if (name === NOT_CHECKED) return reportUnchecked(position, expression, report);
  if (bound.has(name) || helpers.includes(name) || !own || own.includes(name)) return;
  if (!(await isBuiltIn(name))) return reportUnknown(name, position, { expression, own }, report);
  if (MUST_BE_CALLED.includes(name) && !calls.some((call) => call.name === name && call.position === position))
    report.add('BadPicture', expression.at, `$${name} must be called where it stands: what it is given is checked there.`, {
      within: position,
    });
}

function checkDates(call: Call, { at }: Expression, report: Report): void {
  const wrong = wrongDateCall(call);
  if (wrong) report.add(wrong.code, at, wrong.message, { within: call.position, allowed: wrong.allowed });
}

function checkNumber(number: ExpressionParts['numbers'][number], { text, at }: Expression, report: Report): void {
  const within = longNumberAt(number, text);
  if (within === undefined) return;
  const message = 'A number has more digits than JSONata keeps: it would be another one.';
  report.add('NumberTooLong', at, message, { within, allowed: 'its digits in quotes, as a text' });
}

function checkRegex({ written, position }: ExpressionParts['regexes'][number], { at }: Expression, report: Report): void {
  const problem = regexProblem(written);
  // JSONata says where it ends.
  const within = Math.max(0, position - String(written).replace(/g$/, '').length);
  if (problem !== undefined)
    report.add('BadExpression', at, `The regular expression is not one of RE2, which cannot hang: ${problem}.`, { within });
}

/**
 * Names of the code tables an entity type uses; `undefined` where an expression works one out, or
 * does not compile.
 */
export function codesUsed(input: EntityTypeInput, functions: Record<string, string>): string[] | undefined {
  return codesNamed([...textsOf(input), ...Object.values(functionsUsed(input, functions))]);
}

/**
 * Those of a definition's functions that an entity type's expressions call. @throws Error of
 * JSONata for one that does not parse.
 */
export function functionsUsed(input: EntityTypeInput, functions: Record<string, string>): Record<string, string> {
  return functionsCalled(textsOf(input), functions);
}

function textsOf(input: EntityTypeInput): string[] {
  return expressionsOf(input, []).map(({ text }) => text);
}

/** All expressions of an entity type, and where each stands. */
export function expressionsOf(input: EntityTypeInput, at: Path): Expression[] {
  const found: Expression[] = [];
  const add = (text: string | undefined, path: Path, maps = false, isField = !maps): void => {
    if (text !== undefined) found.push({ text, at: path, maps, ...(isField ? { isField } : {}) });
  };
  for (const [parent, text] of Object.entries(input.dependsOn ?? {})) add(text, [...at, 'dependsOn', parent]);
  for (const [name, { reference, find }] of Object.entries(input.parents ?? {})) {
    add(reference, [...at, 'parents', name, 'reference']);
    add(find?.value, [...at, 'parents', name, 'find', 'value']);
  }
  add(input.when, [...at, 'when']);
  const { key } = input.to;
  // What all records share may have one key.
  const isOwn = (name: string): boolean => resourcesOf(input).some(([own, { shared }]) => own === name && shared !== true);
  if (key && typeof key['value'] === 'string') add(key['value'], [...at, 'to', 'key', 'value']);
  else for (const [name, each] of Object.entries(key ?? {})) add(each.value, [...at, 'to', 'key', name, 'value'], false, isOwn(name));
  for (const [name, { resource, each, id }, isAtLength] of resourcesOf(input)) {
    const own = [...at, 'map', ...(typeof input.map === 'string' ? [] : [name])];
    add(each, [...own, 'each'], false, false);
    add(id, [...own, 'id']);
    add(resource, isAtLength ? [...own, 'resource'] : own, true);
  }
  return found;
}

function compiled({ text, at }: Expression, report: Report): ReturnType<typeof partsOf> | undefined {
  try {
    return partsOf(jsonata(text).ast());
  } catch (error) {
    const { message, ...where } = whyNotCompiled(text, error as CompileError);
    report.add('BadExpression', at, message, where);
    return undefined;
  }
}

function checkHelper(call: Call, expression: Expression, entityType: DraftEntityType, draft: Draft, report: Report): void {
  const [first, second] = call.literals;
  const input = entityType.input;
  const demand = demandOf(call, expression, report);
  if (call.name === 'code' || call.name === 'rows') return checkTable(call, expression, draft, report);
  if (call.name !== 'ref' && call.name !== 'parent') return;
  if (!expression.maps) {
    report.add('HelperMisplaced', expression.at, `$${call.name} works in "map" only: elsewhere nothing is looked up yet.`, {
      within: call.position,
    });
    return;
  }
  const own = input ? Object.keys(mapOf(input)) : [];
  if (call.name === 'ref') return demand('UnknownResource', first, own, `"map" of ${entityType.name} has no "${first}".`);
  const elsewhere = Object.keys(input?.parents ?? {});
  const parents = [...Object.keys(input?.dependsOn ?? {}), ...elsewhere];
  demand('UnknownParent', first, parents, `"${first}" is not among what ${entityType.name} depends on.`);
  if (first !== undefined && elsewhere.includes(first))
    return demand('UnknownResource', second, [], `The parent ${first} is looked up, and has no resources by name.`);
  const parent = first === undefined ? undefined : draft.processes.get(entityType.process)?.entityTypes.get(first)?.input;
  if (!parent) return;
  const several = resourcesOf(parent).flatMap(([name, { each }]) => (each === undefined ? [] : [name]));
  const owned = resourcesOf(parent).flatMap(([name, { shared }]) => (shared === true ? [] : [name]));
  demand('UnknownResource', second, owned, `"map" of ${first} has no "${second}" of its own.`);
  if (second !== undefined && several.includes(second) && call.literals[2] === undefined)
    report.add('WhichItem', expression.at, `${first} has a "${second}" for each item: $parent needs the id of one, written out.`, {
      within: call.position,
      allowed: `e.g. $parent("${first}", "${second}", "1")`,
    });
}

function checkTable(call: Call, expression: Expression, draft: Draft, report: Report): void {
  const [table] = call.literals;
  if (draft.unknown.codes) return;
  const demand = demandOf(call, expression, report);
  if (table === undefined || !draft.codes.has(table))
    return demand('UnknownCodeTable', table, [...draft.codes.keys()], `There is no code table "${table}".`);
  const wanted = call.name === 'rows';
  const fitting = [...draft.codes].flatMap(([name, input]) => (!input || isRows(input) === wanted ? [name] : []));
  const has = wanted ? 'codes and no rows: $code takes it' : 'rows and no codes: $rows takes it, or give it "key" and "value"';
  demand('WrongCodeTable', table, fitting, `The code table "${table}" has ${has}.`);
}

type Demand = (code: string, name: string | undefined, known: string[], message: string) => void;

/** Reports a name that a call writes out and that is not known. */
function demandOf(call: Call, { at }: Expression, report: Report): Demand {
  return (code, name, known, message) => {
    if (name === undefined || known.includes(name)) return;
    report.add(code, at, `${message}${didYouMean(name, known)}`, { within: call.position, allowed: listed(known) });
  };
}

function reportChanging(name: string, position: number, { at }: Expression, report: Report): void {
  const message = `$${name} gives something else each time: the same record would be another one in every pass, and be written again.`;
  report.add('NotRepeatable', at, message, { within: position, allowed: 'what the record itself says, e.g. when it was last changed' });
}

function reportUnchecked(position: number, { at }: Expression, report: Report): void {
  const message =
    '$eval takes a text for an expression: what it would do with a record cannot be checked, nor that it gives the same each time.';
  report.add('NotRepeatable', at, message, { within: position, allowed: 'the expression itself' });
}

function reportUnknown(
  name: string,
  position: number,
  { expression: { at }, own }: { expression: Expression; own: string[] },
  report: Report,
): void {
  const message = `Nothing is called $${name} here.${didYouMean(name, [...helpers, ...own])}`;
  const known = [...helpers, ...own].slice(0, MAX_LISTED);
  report.add('UnknownFunction', at, message, {
    within: position,
    allowed: `JSONata’s own functions, $${known.join(', $')}, and what the expression itself names`,
  });
}

const MAX_LISTED = 20;

const builtIn = new Map<string, boolean>();
const MAX_REMEMBERED = 10_000;

/** JSONata keeps no list of its functions, but knows each. */
async function isBuiltIn(name: string): Promise<boolean> {
  const known = builtIn.get(name);
  if (known !== undefined) return known;
  const found = (await jsonata(`$${name}`).evaluate(null)) !== undefined;
  if (builtIn.size < MAX_REMEMBERED) builtIn.set(name, found);
  return found;
}
